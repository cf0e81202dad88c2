"""The demonstration: three made-up businesses, with months of made-up people's purchases."""
