"""Calls every operation of the vendor's SDK for TVIP on a sandbox as it comes."""

import json
import subprocess
import sys

from tmsproviderapisdk.tms_account import TmsAccount
from tmsproviderapisdk.tms_account_network import TmsAccountNetwork
from tmsproviderapisdk.tms_account_subscription import TmsAccountSubscription
from tmsproviderapisdk.tms_channel import TmsChannel
from tmsproviderapisdk.tms_config import TmsConfig, TmsConfigHolder
from tmsproviderapisdk.tms_device import TmsDevice
from tmsproviderapisdk.tms_device_subscription import TmsDeviceSubscription
from tmsproviderapisdk.tms_devices_types import TmsDeviceTypes
from tmsproviderapisdk.tms_exceptions import ApiHTTPError
from tmsproviderapisdk.tms_favorite_group import TmsFavoriteGroup
from tmsproviderapisdk.tms_provider import TmsProvider
from tmsproviderapisdk.tms_region import TmsRegion
from tmsproviderapisdk.tms_tarif import TmsTarif
from tmsproviderapisdk.tms_tarif_tag import TmsTarifTag

calls = 0


def called(answer):
    """The SDK prints what it does not understand, and returns None."""
    global calls
    calls += 1
    assert answer is not None
    return answer


def read(kind, **filters):
    """Lists, pages, and gets one."""
    rows, total = called(kind.get_list(**filters))
    assert rows and total >= len(rows), kind
    first, _ = called(kind.get_list(start=0, limit=1, **filters))
    assert len(first) == 1, kind
    everything, total = called(kind.get_list(limit=0, **filters))
    assert len(everything) == total, kind
    one = called(kind.get(rows[0].id))
    assert str(one) == str(rows[0]), kind
    return rows


def write(row, field, value):
    """Creates, changes a field, reads it back, and deletes."""
    kind = type(row)
    created = called(row.create())
    assert created.id, kind
    setattr(created, field, value)
    assert getattr(called(created.update()), field) == value, kind
    assert getattr(called(kind.get(created.id)), field) == value, kind
    return created


def delete(row):
    assert called(row.delete()) == 200
    try:
        type(row).get(row.id)
    except ApiHTTPError as error:
        assert "404" in str(error), error
    else:
        raise AssertionError(f"{row} is still there")


def main():
    provider = read(TmsProvider)[0].id
    read(TmsRegion)
    read(TmsChannel)
    read(TmsFavoriteGroup)
    read(TmsDeviceTypes)
    tarif = read(TmsTarif)[0].id
    read(TmsTarifTag)
    read(TmsAccount)
    read(TmsDevice)
    read(TmsAccountSubscription)

    pin = TmsAccount.get_md5_pin("12345678")
    account = TmsAccount("sdk", "First Last", pin_md5=pin, provider=provider)
    account = write(account, "enabled", False)
    assert called(TmsAccount.get(account.id)).pin_md5 == pin
    found, total = called(TmsAccount.get_list(login="sdk", enabled=False))
    assert total == 1 and found[0].id == account.id

    start = "2026-01-01T00:00:00+0300"
    subscription = TmsAccountSubscription(account.id, start, tarif)
    subscription = write(subscription, "stop", "2026-02-01T00:00:00+0300")
    device = TmsDevice("10:27:be:77:77:77", account.id, provider=provider)
    device = write(device, "comment", "in the kitchen")
    own = TmsDeviceSubscription(device.id, start, tarif)
    own = write(own, "stop", "2026-02-01T00:00:00+0300")
    read(TmsDeviceSubscription, device=device.id)
    network = write(TmsAccountNetwork("192.0.2.0/24", account.id), "description", "office")
    read(TmsAccountNetwork, account=account.id)
    tag = write(TmsTarifTag(True, "sdk", provider), "position", 9)
    own_tarif = write(TmsTarif("sdk", tag.id, True, provider), "tarif_name", "other")
    kind = write(TmsDeviceTypes("sdk"), "device_type", "other")

    for row in (kind, own_tarif, tag, network, own, device, subscription, account):
        delete(row)
    print(f"{calls} calls, all answered")


with subprocess.Popen(["jsonsql-sandbox", *sys.argv[1:]], stdout=subprocess.PIPE, text=True) as sandbox:
    try:
        urls = json.loads(sandbox.stdout.readline())
        address = urls["tvip"].removesuffix("/api/provider")
        config = TmsConfig(address, username="admin", password="adminpassword")
        TmsConfigHolder.apply(config)
        main()
    finally:
        sandbox.terminate()
