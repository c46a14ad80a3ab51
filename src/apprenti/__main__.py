"""`python -m apprenti` is the command `apprenti`."""

from apprenti.cli import main

main()
