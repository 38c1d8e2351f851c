"""Every question that routing asks of its own tables, by what it is about."""

from sqlalchemy import Engine

from services.routing.read_models.cases import CaseQueries
from services.routing.read_models.drafts import DraftQueries
from services.routing.read_models.holders import DirectoryQueries
from services.routing.read_models.queues import QueueQueries
from services.routing.read_models.reading import Reader


class Queries:
    """Reads only."""

    def __init__(self, engine: Engine) -> None:
        read = Reader(engine)
        self.directory = DirectoryQueries(read)
        self.cases = CaseQueries(read, self.directory)
        self.queues = QueueQueries(read, DraftQueries(read, self.directory))
