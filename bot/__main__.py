"""`python -m bot` and the `easel` command.

Spawned workers import this module again, so nothing heavy is imported before `main` is called.
"""


def main() -> None:
    """Run the command line."""
    from bot.cli.main import easel
    from engine.workers.worker import wait_patiently

    wait_patiently()
    easel(prog_name="easel")


if __name__ == "__main__":
    main()
