"""What data hold, in numbers and in pictures."""
