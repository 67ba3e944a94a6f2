"""XLIFF 1.2 (OASIS, 2008), which every translation tool reads: a bundle out and back."""

from pathlib import Path

from lxml import etree

from translations.exchange import Bundle, Returned, State, Unit, Unreadable

ENDING = "xlf"
NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
STATES: dict[State, str] = {"done": "translated", "stale": "needs-review-translation"}
LARGEST = 50_000_000


def write(path: Path, bundle: Bundle) -> None:
    """Write the file. Raises `Unreadable` where a text has a character that XML cannot hold."""
    root = etree.Element(_name("xliff"), {"version": "1.2"}, nsmap={None: NAMESPACE})
    languages = {"source-language": bundle.source_language, "target-language": bundle.language}
    file = etree.SubElement(
        root, _name("file"), {"original": bundle.part, "datatype": "plaintext", **languages}
    )
    body = etree.SubElement(file, _name("body"))
    try:
        for unit in bundle.units:
            _write_unit(body, unit)
    except ValueError as error:
        raise Unreadable(f"{bundle.part}: {error}") from None
    path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _write_unit(body: etree._Element, unit: Unit) -> None:
    approved = "yes" if unit.state == "done" else "no"
    node = etree.SubElement(
        body, _name("trans-unit"), {"id": unit.key, "approved": approved, SPACE: "preserve"}
    )
    etree.SubElement(node, _name("source")).text = unit.source
    if unit.target:
        etree.SubElement(node, _name("target"), {"state": STATES[unit.state]}).text = unit.target
    for note in unit.notes:
        etree.SubElement(node, _name("note"), {"from": "developer"}).text = note


def read(path: Path) -> Returned:
    """Read a file that came back. Raises `Unreadable`."""
    if path.stat().st_size > LARGEST:
        raise Unreadable("the file is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        tree = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"line {error.lineno}: this is not XML: {error.msg}") from None
    if tree.docinfo.doctype:
        raise Unreadable("a document type is not taken")
    files = list(tree.getroot().iter(_name("file")))
    if len(files) != 1:
        raise Unreadable("this is not XLIFF 1.2 with one <file>")
    units = tuple((node.sourceline or 0, _read_unit(node)) for node in files[0].iter(_name("trans-unit")))
    return Returned(files[0].get("original", ""), files[0].get("target-language", ""), units)


def _read_unit(node: etree._Element) -> Unit:
    target = node.find(_name("target"))
    text = _text(target)
    stale = target is not None and target.get("state", "").startswith("needs-")
    state: State = "missing" if not text else "stale" if stale else "done"
    return Unit(node.get("id", ""), _text(node.find(_name("source"))), text, state)


def _text(node: etree._Element | None) -> str:
    if node is None:
        return ""
    if len(node):
        raise Unreadable(f"line {node.sourceline}: there is markup in the text; write it as plain text")
    return node.text or ""


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
