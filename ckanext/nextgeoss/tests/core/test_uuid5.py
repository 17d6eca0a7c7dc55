from __future__ import annotations

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from ckanext.nextgeoss.eo.uuid5 import uuid5_text
from ckanext.nextgeoss.tests.core.strategies import modest


@modest
@given(st.uuids(), st.text())
def test_ids_are_those_of_the_standard_library(namespace: UUID, name: str) -> None:
    expected = str(uuid5(namespace, name))
    assert uuid5_text(namespace, name) == uuid5_text(str(namespace), name) == expected
