"""People and their accounts: joining, cards, points by hand, rewards, referrals, merging."""
