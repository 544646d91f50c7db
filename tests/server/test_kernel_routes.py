"""What counts as a person at work: an open page alone must not keep a session alive."""

import json

import pytest

from workbench.server.kernel_routes import is_use


def sent(**data):
    """A widget message as the browser's client writes it."""
    said = {"method": "custom", "content": {"event": "ask", "data": data}}
    message = {"header": {"msg_type": "comm_msg"}, "content": {"comm_id": "1", "data": said}}
    return json.dumps(message, separators=(",", ":")).encode()


@pytest.mark.parametrize("data", [{"act": "tick"}, {"kind": "beat", "n": 7}])
def test_a_page_that_looks_again_by_itself_is_nobody_at_work(data):
    assert not is_use(sent(**data))


@pytest.mark.parametrize(
    "data", [{"act": "open", "key": "e1"}, {"act": "draft", "findings": 'the "act":"tick" of it'}]
)
def test_an_act_of_the_person_is_use(data):
    assert is_use(sent(**data))
