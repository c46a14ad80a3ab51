"""`python -m apprenti` is the command `apprenti`."""

import sys


def main() -> None:
    try:
        from apprenti.cli import main as run

        run()
    except KeyboardInterrupt:
        # Before there are words for it
        sys.exit(130)


if __name__ == "__main__":
    main()
