"""Why the local stack cannot do what it was asked, and what would change that."""


class Refused(Exception):
    """Says what is missing (`str`) and what to do about it (`remedy`); never a stack trace."""

    def __init__(self, missing: str, remedy: str) -> None:
        super().__init__(missing)
        self.remedy = remedy
