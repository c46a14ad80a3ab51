"""The code that learners take away: blocks, of which every script is made."""
