"""What a programme promises: rates, own points, rewards, referrals."""
