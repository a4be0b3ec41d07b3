"""Is what a product is called in scope? Drugs by any name, oils, proteins, tap water [D].

A name is all there is to go by: lists of what is sold, not a proof. Plain string work, so that
MicroPython can ask the same file.
"""

# By what is in a name: whatever stands around it (hydrochloride, -um, -e) is the same substance.
DRUGS = (
    "lidocain", "prilocain", "benzocain", "tetracain", "procain", "articain",
    "dexamethason", "cortison", "prednisolon", "prednison", "betamethason", "triamcinolon",
    "clobetasol", "mometason", "fluticason", "fluocinolon", "fluocinonid", "desonid",
    "diclofenac", "ketoprofen", "ibuprofen", "naproxen", "indometacin", "piroxicam", "felbinac",
    "acetylsalicyl", "tretinoin", "retinoic", "adapalen", "tazaroten", "minoxidil", "finasterid",
    "dutasterid", "hydroquinon", "hydrochinon", "monobenzon", "fentanyl", "morphin", "tramadol",
    "clindamycin", "erythromycin", "neomycin", "gentamicin", "mupirocin", "tetracyclin",
    "doxycyclin", "metronidazol", "ivermectin", "acyclovir", "aciclovir", "conazol",
    "clotrimazol", "terbinafin", "botulinum", "insulin", "epinephrin", "adrenalin", "estradiol",
    "progesteron", "testosteron", "pilocarpin", "glycopyrr", "glycopyrron", "methotrexat",
    "fluorouracil", "imiquimod", "tacrolimus", "pimecrolimus", "capsaicin", "sumatriptan",
    "scopolamin", "hyoscin", "atropin", "diphenhydramin", "promethazin", "spironolacton",
    "propranolol", "timolol", "brimonidin", "oxymetazolin", "salbutamol", "semaglutid",
    "ketorolac", "meloxicam", "etofenamat", "flufenam", "methacholin", "acetylcholin", "carbachol",
    "histamin", "bleomycin", "cisplatin", "vinblastin", "verapamil", "granisetron", "zolmitriptan",
)  # fmt: skip
# The same under other names, each as a whole word: what is sold or said elsewhere, and what is in
# it. A word that ends as local anaesthetics do is one (_ENDINGS).
OTHER_NAMES = {
    "lignocain": "lidocaine", "xylocain": "lidocaine", "emla": "lidocaine and prilocaine",
    "lmx": "lidocaine", "ametop": "tetracaine", "anbesol": "benzocaine",
    "voltaren": "diclofenac", "voltarol": "diclofenac", "voltadol": "diclofenac",
    "solaraze": "diclofenac", "cataflam": "diclofenac", "arthrotec": "diclofenac",
    "fastum": "ketoprofen", "oruvail": "ketoprofen", "nurofen": "ibuprofen",
    "advil": "ibuprofen", "dolgit": "ibuprofen", "ibugel": "ibuprofen", "feldene": "piroxicam",
    "indomethacin": "indometacin", "aspirin": "acetylsalicylic acid",
    "decadron": "dexamethasone", "betnovate": "betamethasone", "diprosone": "betamethasone",
    "dermovate": "clobetasol", "elocon": "mometasone", "kenalog": "triamcinolone",
    "advantan": "methylprednisolone", "tretinoine": "tretinoin", "roaccutane": "isotretinoin",
    "accutane": "isotretinoin", "differin": "adapalene", "tazorac": "tazarotene",
    "epiduo": "adapalene", "regaine": "minoxidil", "rogaine": "minoxidil",
    "propecia": "finasteride", "dalacin": "clindamycin", "duac": "clindamycin",
    "zineryt": "erythromycin", "rozex": "metronidazole", "soolantra": "ivermectin",
    "fucidin": "fusidic acid", "fucicort": "fusidic acid", "bactroban": "mupirocin",
    "zovirax": "aciclovir", "nizoral": "ketoconazole", "canesten": "clotrimazole",
    "lamisil": "terbinafine", "botox": "botulinum toxin", "dysport": "botulinum toxin",
    "xeomin": "botulinum toxin", "efudix": "fluorouracil", "aldara": "imiquimod",
    "protopic": "tacrolimus", "elidel": "pimecrolimus", "mirvaso": "brimonidine",
    "eldoquin": "hydroquinone", "noradrenaline": "adrenaline", "ozempic": "semaglutide",
    "lidoderm": "lidocaine", "versatis": "lidocaine", "lidosite": "lidocaine",
    "flector": "diclofenac", "pennsaid": "diclofenac", "diclac": "diclofenac",
    "diclo": "diclofenac", "ibuleve": "ibuprofen", "ibutop": "ibuprofen", "toradol": "ketorolac",
    "mobic": "meloxicam", "hydrocort": "hydrocortisone", "locoid": "hydrocortisone",
    "cortisol": "hydrocortisone", "phenergan": "promethazine", "ionsys": "fentanyl",
    "zecuity": "sumatriptan", "robinul": "glycopyrronium", "qbrexza": "glycopyrronium",
    "nicotine": "an alkaloid", "nicotin": "nicotine",
}  # fmt: skip
# Two words that only together are one.
_PAIRS = {"retin a": "tretinoin", "fusidic acid": "fusidic acid"}
_ENDINGS = ("cain", "caine", "caina", "cainum", "cainhydrochlorid")
OILS = (
    "oil", "oils", "oily", "oleum", "ol", "huile", "aceite", "retinol", "retinyl",
    "retinal", "retinaldehyde", "silicone", "silicones", "silicon oil", "dimethicone",
    "dimeticone", "cyclomethicone", "cyclopentasiloxane", "tocopherol", "tocopheryl", "squalane",
    "squalene", "petrolatum", "petroleum jelly", "vaseline", "paraffin", "paraffinum", "lanolin",
    "wax", "waxes", "butter", "butters", "triglyceride", "triglycerides", "isopropyl myristate",
    "ascorbyl palmitate", "tetraisopalmitate", "tetrahexyldecyl ascorbate", "vitamin a",
    "vitamin e", "vitamin d", "vitamin k", "jojoba", "argan", "shea", "ceramide", "ceramides",
    "ubiquinone", "coenzyme q10", "q10", "bakuchiol", "cholesterol",
)  # fmt: skip
# Proteins: 5 kDa (EGF 6, lysozyme 14, papain 23, collagen 300), whatever charge they carry.
PROTEINS = (
    "lysozym", "papain", "bromelain", "bromelin", "ficin", "trypsin", "subtilisin", "collagen",
    "keratin", "elastin", "albumin", "lactoferrin", "growth factor", "superoxide dismutase",
    "hyaluronidas", "peroxidas", "lipas", "proteas", "fibroin", "sericin", "egf",
)  # fmt: skip
_FREE = "free"  # oil-free, free of oil; but a free base or acid is the substance itself
_SUBSTANCE = ("base", "acid", "form")
_WITHOUT_BEFORE = ("without", "no", "non", "zero", "ohne", "sans", "sin", "senza", "zonder")
_FOLDS = (("äàáâãå", "a"), ("öòóôõø", "o"), ("üùúû", "u"), ("éèêë", "e"), ("íìîï", "i"),
          ("ñ", "n"), ("ç", "c"), ("ß", "ss"), ("œ", "oe"), ("æ", "ae"))  # fmt: skip
_SPELLED = (("k", "c"), ("ph", "f"), ("oe", "e"), ("y", "i"))  # diklofenak, oestradiol


def words(text: str) -> list[str]:
    """Lower-case words of a name, without accents; what is said to be not in it is left out."""
    plain = ""
    for char in text.lower():
        for letters, one in _FOLDS:
            if char in letters:
                char = one
        plain += char if char.isalpha() or char.isdigit() else " "
    found = plain.split()
    kept: list[str] = []
    skip = more = False
    for i in range(len(found)):
        word = found[i]
        if skip:  # the word after "without", "no", "free of"
            skip, more = False, True
            continue
        if more and word in ("and", "or"):
            skip = True
            continue
        more = False
        if word in _WITHOUT_BEFORE:
            skip = True
        elif word == _FREE:
            following = found[i + 1] if i + 1 < len(found) else ""
            if kept and following not in _SUBSTANCE + ("of", "from"):
                kept.pop()
        elif word in ("of", "from") and i and found[i - 1] == _FREE:
            skip = True
        elif not (len(word) > 4 and word.endswith("free")):  # oilfree
            kept.append(word)
    return kept


def _sounds(word: str) -> str:
    for written, said in _SPELLED:
        word = word.replace(written, said)
    return word


def drug(text: str) -> str:
    """What a name says of a drug in it, "" for nothing."""
    found = words(text)
    whole = _sounds("".join(found))  # a hyphen or a space in a name is no other drug
    for name in DRUGS:
        if _sounds(name) in whole:
            return f"{name} is a drug"
    spaced = " " + " ".join(found) + " "
    for pair, what in _PAIRS.items():
        if f" {pair} " in spaced:
            return f"{pair} is {what}, a drug"
    for word in found:
        for name, what in OTHER_NAMES.items():
            # lignocaine and xylocaine end in more ways than one.
            if _sounds(word) == _sounds(name) or name.endswith("cain") and _sounds(
                word).startswith(_sounds(name)):  # fmt: skip
                return f"{word} is {what}, a drug"
        if word.endswith(_ENDINGS):
            return f"{word} ends as local anaesthetics do: a drug"
    return ""


def oil(text: str) -> str:
    """The word of a name that water does not dissolve, "" for none."""
    spaced = " " + " ".join(words(text)) + " "
    for name in OILS:
        if f" {name} " in spaced:
            return name
    return ""


def protein(text: str) -> str:
    """The word of a name that is a protein, "" for none."""
    found = words(text)
    spaced = " " + " ".join(found) + " "
    for name in PROTEINS:
        if f" {name} " in spaced or len(name) > 4 and name in spaced:
            return name
    return ""


def tap_water(text: str) -> bool:
    return " tap water " in " " + " ".join(words(text)) + " "


def salty(text: str) -> bool:
    """A name that speaks of salt in the gel."""
    spaced = " " + " ".join(words(text)) + " "
    return any(f" {one} " in spaced for one in ("saline", "salt", "sodium chloride", "nacl",
                                                "sea water", "brine", "electrolyte"))  # fmt: skip


def chain(text: str) -> bool:
    """A long flexible chain: 600 to 1600 kDa were reported in rat skin, Biol. Pharm. Bull. 2023
    46:1635; no globule of that mass was."""
    return "hyaluron" in " ".join(words(text))
