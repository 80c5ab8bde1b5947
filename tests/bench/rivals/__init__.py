"""What others would write by hand, run beside us in the same minute."""
