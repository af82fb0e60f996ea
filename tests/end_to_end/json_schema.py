"""A small JSON Schema check: the part of 2020-12 that openapi.json uses."""

from datetime import datetime

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def _is_type(value, name):
    if name == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    if name == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def _is_time(text):
    if not text.endswith("Z"):
        return False
    try:
        datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
    except ValueError:
        return False
    return text[19] in ".Z"


def violations(value, schema, document, where="$"):
    """What is wrong, one line each."""
    if "$ref" in schema:
        target = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return violations(value, target, document, where)
    if "anyOf" in schema:
        options = [violations(value, option, document, where) for option in schema["anyOf"]]
        return [] if any(not found for found in options) else options[0]
    wrong = []
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_is_type(value, name) for name in types):
        return [f"{where}: {value!r} is not {types}"]
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{where}: {value!r} is none of {schema['enum']}")
    if schema.get("format") == "date-time" and isinstance(value, str) and not _is_time(value):
        wrong.append(f"{where}: {value!r} is not a time")
    if _is_type(value, "number"):
        if "minimum" in schema and value < schema["minimum"] or "maximum" in schema and value > schema["maximum"]:
            wrong.append(f"{where}: {value!r} is out of range")
    if isinstance(value, dict):
        known = schema.get("properties", {})
        wrong += [f"{where}: {name} is missing" for name in schema.get("required", []) if name not in value]
        more = schema.get("additionalProperties", True)
        for name, member in value.items():
            if name in known:
                wrong += violations(member, known[name], document, f"{where}.{name}")
            elif more is False:
                wrong.append(f"{where}: {name} is not described")
            elif isinstance(more, dict):
                wrong += violations(member, more, document, f"{where}.{name}")
    if isinstance(value, list) and "items" in schema:
        for number, element in enumerate(value):
            wrong += violations(element, schema["items"], document, f"{where}[{number}]")
    return wrong
