"""People, institutions and agreements as the administrator's page shows them."""

import re
from dataclasses import asdict
from typing import Any

from workbench.domain.actor import Account, Actor
from workbench.domain.site import Agreement, Site, SiteAddress
from workbench.editions import rule_book_names
from workbench.language import label, translator

_PROFILE = re.compile(r"ecg-profile-(.+)-\d{4}\.\d+")


def account_view(one: Account, page: Any) -> dict[str, object]:
    """One person; never a password or its hash."""
    _, actor = translator(page.language), one.actor
    licence, today = actor.licence, page.desk.station.today()
    expired = licence is not None and licence.expires_on is not None and licence.expires_on < today
    return {
        "username": actor.username,
        "name": actor.name,
        "role": actor.role.value,
        "role_label": label(actor.role, _),
        "site_code": actor.site_code,
        "language": actor.language,
        "licence_number": licence.number if licence else "",
        "licence_expires_on": str(licence.expires_on or "") if licence else "",
        "expired": expired,
        "scope": sorted(licence.scope) if licence else [],
        "leaves_on": str(one.leaves_on or ""),
        "active": one.active,
        "usable": one.usable(today),
        "first": actor.must_change_password,
    }


def site_view(one: Site, addresses: list[SiteAddress], actor: Actor) -> dict[str, object]:
    """One institution with the machines it is known by."""
    return {
        **asdict(one),
        "kind": one.kind.value,
        "kind_label": label(one.kind, translator(actor.language)),
        "addresses": [
            {"ae_title": a.ae_title, "address": a.address}
            for a in addresses
            if a.site_code == one.code
        ],
    }


def agreement_view(one: Agreement, page: Any, actor: Actor) -> dict[str, object]:
    """One agreement."""
    _ = translator(actor.language)
    return {
        "id": one.id,
        "examining": one.examining,
        "reading": one.reading,
        "kinds": [label(k, _) for k in sorted(one.kinds)],
        "starts_on": one.starts_on.isoformat(),
        "ends_on": one.ends_on.isoformat(),
        "document_no": one.document_no,
        "force": one.in_force(page.desk.station.today()),
    }


def profiles() -> list[str]:
    """Names of the critical-value profiles an institution can follow."""
    found = (_PROFILE.fullmatch(name) for name in rule_book_names())
    return sorted({m[1] for m in found if m})
