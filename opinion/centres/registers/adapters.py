"""Turns the id of a public register into its adapter: what to give, where to get it, and what reads it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from opinion.centres.inputs import Inputs
from opinion.centres.registers import (
    bag_ch,
    cdc_art,
    cms_pos,
    es_cnh_2020,
    es_cnh_madrid_2025,
    eurostat_hcs,
    hifld,
    jp_shisetsu,
    ror,
    wikidata,
)
from opinion.centres.registers.releases import Release
from opinion.centres.sources import Source, read_sources
from opinion.errors import CatalogueError

_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")

Read = Callable[[Sequence[Path], Source], Release]
"""Reads raw files into a release of the source. The source is as the catalogue has it; its dates are set by then."""


@dataclass(frozen=True)
class Adapter:
    """One register. ``id`` is that of its source. ``files``: what to give; ``where``: the page to get it from.

    ``title``, ``attribution``: of a release, with ``{released}`` in them; an empty attribution stays as it is.
    ``tried_on``: the file on which the adapter was tried, or that it was tried on none.
    """

    id: str
    title: str
    attribution: str
    files: str
    where: str
    tried_on: str
    read: Read


_ALL = (
    Adapter(
        "cms_pos",
        "Provider of Services file, hospitals, release of {released}",
        "",
        "Provider of Services File (iQIES), hospitals: CSV, or JSON of the data API",
        "https://data.cms.gov/provider-characteristics/hospitals-and-other-facilities",
        "values of the April 2026 release under the file's own column names; no whole file of CMS could be had",
        cms_pos.read_release,
    ),
    Adapter(
        "bag_ch",
        "Key figures of Swiss hospitals {released}",
        "Federal Office of Public Health (BAG/OFSP), Key figures of Swiss hospitals {released}, through "
        "opendata.swiss.",
        "Key figures of Swiss hospitals, time series as CSV (kzp-2008-2020-timeseries.csv and later)",
        "https://www.bag.admin.ch/",
        "the time series 2008-2020",
        bag_ch.read_release,
    ),
    Adapter(
        "cdc_art",
        "Assisted reproductive technology {released}: services and profiles",
        "Centers for Disease Control and Prevention, Assisted Reproductive Technology, {released} (public domain).",
        "Assisted Reproductive Technology (ART) Services and Profiles: CSV of the CDC's data portal",
        "https://data.cdc.gov/",
        "the table of 2022",
        cdc_art.read_release,
    ),
    Adapter(
        "es_cnh_2020",
        "National catalogue of hospitals (Catálogo Nacional de Hospitales) {released}",
        "Origen de los datos: Ministerio de Sanidad (España), Catálogo Nacional de Hospitales {released}.",
        "Catálogo Nacional de Hospitales: CSV or spreadsheet with CODCNH, CAMAS, Clase de Centro (--released)",
        "https://www.sanidad.gob.es/estadEstudios/estadisticas/sisInfSanSNS/ofertaRecursos/hospitales/home.htm",
        "the catalogue of 2020, which counts no machines",
        es_cnh_2020.read_release,
    ),
    Adapter(
        "eurostat_hcs",
        "Healthcare services in Europe (GISCO), release of {released}",
        "© European Union, Eurostat (GISCO), Healthcare services in Europe, {released}; reuse under Decision "
        "2011/833/EU; selected and coded by this project.",
        "Healthcare services in Europe, all countries as one CSV (all.csv)",
        "https://ec.europa.eu/eurostat/web/gisco/geodata/basic-services",
        "the data set of April 2020: Austria, Belgium, Italy, Portugal",
        eurostat_hcs.read_release,
    ),
    Adapter(
        "hifld",
        "Hospitals (Homeland Infrastructure Foundation-Level Data), {released}",
        "Homeland Infrastructure Foundation-Level Data (HIFLD Open), Hospitals, {released} (public domain).",
        "Hospitals layer of HIFLD as CSV (--released)",
        "https://hifld-geoplatform.hub.arcgis.com/",
        "the layer of 2018",
        hifld.read_release,
    ),
    Adapter(
        "es_cnh_madrid_2025",
        "National catalogue of hospitals {released} and activity reports, Madrid region",
        "Origen de los datos: Ministerio de Sanidad (España), Catálogo Nacional de Hospitales {released}; "
        "Comunidad de Madrid, registro de centros sanitarios y memorias.",
        "Compilation of the national catalogue for Madrid (sites.json), with counts of machines (--released)",
        "https://www.sanidad.gob.es/estadEstudios/estadisticas/sisInfSanSNS/ofertaRecursos/hospitales/home.htm",
        "the compilation of 2025; the ministry's own spreadsheet could not be had",
        es_cnh_madrid_2025.read_release,
    ),
    Adapter(
        "jp_shisetsu",
        "Institutions whose notifications of facility standards were accepted, {released}",
        "",
        "Lists of accepted notifications (届出受理医療機関名簿, 医科), one workbook for each prefecture",
        "https://kouseikyoku.mhlw.go.jp/",
        "no real file: the workbooks could not be read where this was written",
        jp_shisetsu.read_release,
    ),
    Adapter(
        "ror",
        "Research Organization Registry, organisations of type healthcare, {released}",
        "",
        "Data dump of ROR as JSON (…-ror-data.json), or single records (--released)",
        "https://doi.org/10.5281/zenodo.6347574",
        "single records of 2025 and 2026 in both schemas; no whole dump could be had",
        ror.read_release,
    ),
    Adapter(
        "wikidata",
        "Hospitals in Wikidata, {released}",
        "",
        "Hospitals of query.wikidata.org as TSV: item, itemLabel, official_website, geo (--released)",
        "https://query.wikidata.org/",
        "the table of August 2024",
        wikidata.read_release,
    ),
)

ADAPTERS = {each.id: each for each in _ALL}
"""The registers by id."""


def read_raw(
    register: str, raw: Sequence[Path], released: str = "", accessed: str = "", inputs: Inputs | None = None
) -> Release:
    """Return what a register states in its ``raw`` files.

    ``released``: the day, month or year of the file (ISO 8601), needed if the file does not say it. ``accessed``: the
    month in which it was got. Raises ``CatalogueError`` for an unknown register or a file that cannot be read.
    """
    if register not in ADAPTERS:
        raise CatalogueError(f"There is no register {register!r}. There are: {', '.join(ADAPTERS)}.")
    if released and not _DAY.fullmatch(released):
        raise CatalogueError(f"--released {released!r}: write a year, a month or a day, such as 2026-07-01.")
    known = read_sources(inputs)
    if register not in known:
        raise CatalogueError(f"{register!r} is not in data/centres/sources.toml. Describe the source there first.")
    adapter, source = ADAPTERS[register], known[register]
    names = ", ".join(sorted(path.name for path in raw))
    # what is read now is the publisher's own file, no copy of it
    source = replace(source, published=released, accessed=accessed, read_from=source.address)
    release = adapter.read(raw, source)
    if not release.source.published:
        raise CatalogueError(f"{names}: the file does not say of which day it is. Say it (--released).")
    read, day = release.source, release.source.published
    attribution = adapter.attribution.format(released=day) or read.attribution
    return replace(release, source=replace(read, title=adapter.title.format(released=day), attribution=attribution))
