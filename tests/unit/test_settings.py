"""Settings: the environment first, then the stack that was started last."""

from pathlib import Path

import pytest

from amends.settings import SettingMissing, Settings


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "INTAKE_ADDRESS", "TOKEN"):
        monkeypatch.delenv(f"AMENDS_{name}", raising=False)
    monkeypatch.setenv("AMENDS_HOME", str(tmp_path))
    return tmp_path


def test_what_the_environment_does_not_say_stands_in_the_stack_s_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "stack.env").write_text(
        "AMENDS_DATABASE_URL=postgresql+psycopg://u:p@127.0.0.1:7410/\n"
        "AMENDS_INTAKE_ADDRESS=127.0.0.1:7401\n"
        "AMENDS_JWKS_FILE=/keys/jwks.json\n"
        "UNKNOWN=1\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("AMENDS_INTAKE_ADDRESS", "127.0.0.1:1")
    settings = Settings()
    assert settings.address_of("intake") == "127.0.0.1:1"
    assert settings.jwks_file == Path("/keys/jwks.json")
    assert settings.home == home
    assert (
        settings.database_url_for("intake")
        == "postgresql+psycopg://u:p@127.0.0.1:7410/amends_intake"
    )


def test_each_service_has_a_user_of_its_own_where_the_address_says_so() -> None:
    settings = Settings.of(
        {
            "AMENDS_DATABASE_URL": "postgresql://amends_{service}:p@127.0.0.1:7410/",
            "AMENDS_DATABASE_OWNER_URL": "postgresql://amends_owner:q@127.0.0.1:7410/",
        }
    )
    assert (
        settings.database_url_for("routing")
        == "postgresql+psycopg://amends_routing:p@127.0.0.1:7410/amends_routing"
    )
    assert (
        settings.database_owner_url_for("routing")
        == "postgresql+psycopg://amends_owner:q@127.0.0.1:7410/amends_routing"
    )


def test_a_service_whose_owner_nobody_named_makes_its_tables_itself() -> None:
    settings = Settings.of({"AMENDS_DATABASE_URL": "postgresql://u:p@127.0.0.1:7410/"})
    assert settings.database_owner_url_for("intake") == settings.database_url_for("intake")


def test_what_nobody_said_is_named() -> None:
    with pytest.raises(SettingMissing, match="AMENDS_DATABASE_URL is not set"):
        Settings().database_url_for("intake")
    with pytest.raises(SettingMissing, match="AMENDS_ROUTING_ADDRESS"):
        Settings().address_of("routing")
