"""What a test reads of a running Home Assistant.

Put as the custom component bauta_reader, it adds the MQTT integration by Home Assistant's own
form, and writes all entities and pictures to files, again and again: state.json and
ENTITY.jpg in the folder that the configuration names.
"""

import asyncio
import json
import os
import pathlib

from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.helpers import device_registry, entity_registry

DOMAIN = "bauta_reader"


async def async_setup(hass, config):
    """Begin once all has started."""
    wants = config[DOMAIN]

    async def started(_event):
        hass.async_create_background_task(follow(hass, wants), DOMAIN)

    hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STARTED, started)
    return True


async def follow(hass, wants):
    """Connect, then write down what there is."""
    folder = pathlib.Path(wants["folder"])
    await connect(hass, wants)
    while True:
        pictures = await images(hass)
        await hass.async_add_executor_job(write, folder, snapshot(hass), pictures)
        await asyncio.sleep(0.3)


async def connect(hass, wants):
    """Fill in the form of the MQTT integration, as a person does."""
    flow = await hass.config_entries.flow.async_init("mqtt", context={"source": "user"})
    answer = {"broker": wants["broker"], "port": wants["port"]}
    made = await hass.config_entries.flow.async_configure(flow["flow_id"], answer)
    options = {"discovery": True, "discovery_prefix": wants["prefix"]}
    if birth := wants.get("birth"):
        options["birth_message"] = {"topic": birth, "payload": wants["payload"], "qos": 0, "retain": False}
    entry = made["result"]
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_reload(entry.entry_id)


def snapshot(hass):
    """All entities and devices, by what tells them apart."""
    entities = entity_registry.async_get(hass)
    devices = device_registry.async_get(hass)
    said = {}
    for state in hass.states.async_all():
        known = entities.async_get(state.entity_id)
        if known and known.platform == "mqtt":
            said[known.unique_id] = {"id": state.entity_id, "state": state.state}
    return {"entities": said, "devices": [d.name for d in devices.devices.values()]}


async def images(hass):
    """The picture of each image entity that has one, by unique id."""
    component = hass.data.get("entity_components", {}).get("image")
    found = {}
    for entity in list(component.entities) if component else []:
        if picture := await entity.async_image():
            found[entity.unique_id] = picture
    return found


def write(folder, state, pictures):
    """Replace each file as a whole."""
    for name, data in {**{f"{k}.jpg": v for k, v in pictures.items()}, "state.json": json.dumps(state).encode()}.items():
        half = folder / f".{name}"
        half.write_bytes(data)
        os.replace(half, folder / name)
