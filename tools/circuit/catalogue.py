"""Every part that is bought: number, tolerance, what its datasheet must hold, a second source.

`checked` names where a figure was looked up; empty means that nobody has, and the page says
"unverified". Numbers of resistors and capacitors follow their makers' schemes.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """One line of an order. `needs`: the number that the datasheet must hold, and why."""

    symbol: str
    value: str
    maker: str
    mpn: str
    footprint: str
    needs: str
    tolerance: str = ""
    second: str = ""
    checked: str = ""
    breaks: tuple[str, ...] = field(default=("open", "short"))  # how such a part fails


_LTC = "datasheet: 4 to 60 V, ±10 µV, 3 nA, sense up to 2 V, output up to 1 mA; pins unverified"
_SOT5, _SOT6 = "Package_TO_SOT_SMD:SOT-23-5", "Package_TO_SOT_SMD:SOT-23-6"
_SOT3, _VSSOP8 = "Package_TO_SOT_SMD:SOT-23", "Package_SO:VSSOP-8_2.3x2mm_P0.5mm"
_MSOP8, _MSOP10 = "Package_SO:MSOP-8_3x3mm_P0.65mm", "Package_SO:MSOP-10_3x3mm_P0.5mm"
_SOD = "Diode_SMD:D_SOD-123"

KINDS = {
    "pico": Kind(
        "Pico", "Raspberry Pi Pico", "Raspberry Pi", "SC0915", "Module:RaspberryPi_Pico_SMD",
        "RP2040: input of the converter at least 100 kΩ, so every source is an amplifier",
        checked="RP2040 datasheet, ADC characteristics; Pico's pin-out",
        breaks=("hang", "reset", "pin 11 high", "tick"),
    ),
    "boost": Kind(
        "TPS61040", "TPS61040", "Texas Instruments", "TPS61040DBVR", _SOT5,
        "27 V from 3.3 V; switch 30 V at least; enable off when low; reference 1.233 V ±2 %",
        second="TPS61041DBVR", breaks=("SW open", "SW short", "EN low", "EN high"),
    ),
    "sense_b": Kind(
        "LTC6102", "LTC6102", "Analog Devices", "LTC6102IMS8#PBF", _MSOP8,
        "sense voltage of 0.85 V (INA169: accurate to 0.5 V only), supply 4 to 31 V, gain by "
        "resistors", tolerance="±10 µV", second="LTC6102HVIMS8#PBF", checked=_LTC,
        breaks=("OUT low", "OUT high", "drift"),
    ),
    "crd": Kind(
        "D", "1N5294", "Microchip", "1N5294UR-1", "Diode_SMD:D_MELF",
        "0.75 mA at 25 V and above the comparator at 45 °C; 100 V; temperature coefficient",
        tolerance="±10 %", second="J504 (InterFET)",
        checked="Motorola 1N5283-1N5314: 0.675 to 0.825 mA at 25 V; coefficient unverified",
        breaks=("open", "short", "drift"),
    ),
    "photo": Kind(
        "Photorelay", "LH1540", "Vishay", "LH1540AABTR", "Package_DIP:SMDIP-6_W9.53mm",
        "off leakage 0.2 µA at most (three lie across the skin), 25 Ω and 55 pF (simulator: 50 Ω "
        "for two, 275 pF for five), on at 2 mA of LED",
        second="TLP175A leaks up to 1 µA: 50 µA would be 8 % off",
        checked="LH1540 datasheet: 350 V, 200 nA at 100 V, 25 Ω, 55 pF, 2 mA; pins unverified",
        breaks=("open", "short", "half"),
    ),
    "photo2": Kind(
        "Photorelay2", "LH1532", "Vishay", "LH1532AACTR", "Package_DIP:SMDIP-8_W9.53mm",
        "two, in series: half of one shorted is a diode, and the other still blocks; as LH1540",
        second="AQW212EHA (60 V, leaks up to 1 µA, unverified)",
        checked="LH1531/LH1532 datasheet: 200 nA at 100 V, 25 Ω, 55 pF, 2 mA, on and off in "
        "2.5 ms at most; pins unverified",
        breaks=("open", "one short", "one half", "both short"),
    ),
    "photo2_nc": Kind(
        "Photorelay2", "CPC2117N", "Littelfuse", "CPC2117N",
        "Package_SO:SOIC-8_3.9x4.9mm_P1.27mm",
        "two, in series, closed without supply; 60 V; open at 2 mA of LED; leakage when open is "
        "lost to the skin", second="LH1523 (Vishay; 5 mA, unverified)",
        breaks=("open", "one short", "one half", "both short"),
    ),
    "nmos": Kind(
        "NMOS", "BSS138", "onsemi", "BSS138LT1G", _SOT3,
        "threshold at most 1.5 V, 50 V, leakage 0.1 µA at 30 V", second="BSS138 (Diodes Inc.)",
    ),
    "pmos": Kind(
        "PMOS", "DMG2305UX", "Diodes Inc.", "DMG2305UX-7", _SOT3,
        "threshold below 1 V, 20 V", second="SI2305CDS-T1-GE3",
    ),
    "regulator": Kind(
        "OpAmpDual", "OPA2320", "Texas Instruments", "OPA2320AIDGKR", _MSOP8,
        "rail to rail, ±150 µV, 20 MHz, 0.9 pA; output to 3V3 - 20 mV drives M1's gate",
        tolerance="±150 µV", second="OPA2365AID (other footprint)",
        breaks=("OUTA low", "OUTA high", "OUTB low", "OUTB high", "drift"),
    ),
    "buffer": Kind(
        "OpAmpQuad", "MCP6024", "Microchip", "MCP6024-I/ST", "Package_SO:TSSOP-14_4.4x5mm_P0.65mm",
        "rail to rail, ±0.5 mV, pA at 10 MΩ; cannot leave 0 to 3V3, whatever comes in",
        tolerance="±0.5 mV", second="OPA4340EA (other footprint)",
        breaks=tuple(f"OUT{c} {level}" for c in "ABCD" for level in ("low", "high")) + ("drift",),
    ),
    "dac": Kind(
        "AD5693R", "AD5693R", "Analog Devices", "AD5693RBRMZ", _MSOP10,
        "powers up at zero scale; 0x4C with A0 low; reference 2.5 V; zero-code error 1.5 mV",
        tolerance="±0.06 % of full scale", second="MCP4725A0T-E/CH with another divider",
        checked="datasheet rev. D: errors, power-on, span; pins unverified",
        breaks=("VOUT low", "VOUT high", "reset", "gain bit", "drift"),
    ),
    "adc": Kind(
        "ADS1115", "ADS1115", "Texas Instruments", "ADS1115IDGSR", _MSOP10,
        "input 6 MΩ: only amplifiers may feed it; 0x48 with ADDR low; rate ±10 %",
        tolerance="±0.15 %", second="ADS1115IRUGR (other footprint)",
        checked="datasheet: common-mode input about 6 MΩ, pins",
        breaks=("SDA low", "ALERT low", "ALERT high", "drift"),
    ),
    "comparator": Kind(
        "Comparator", "TLV3201", "Texas Instruments", "TLV3201AIDBVR", _SOT5,
        "40 ns, ±5 mV, inputs rail to rail, push-pull", tolerance="±5 mV",
        second="LMV7219M5 (unverified)", breaks=("OUT low", "OUT high", "drift"),
    ),
    "reference": Kind(
        "Reference", "REF3025", "Texas Instruments", "REF3025AIDBZR", _SOT3,
        "2.5 V ±0.2 %, 50 ppm/K; not the DAC's", tolerance="±0.2 %", second="MAX6002 (1 %)",
        breaks=("OUT low", "OUT high", "drift"),
    ),
    "latch": Kind(
        "Latch", "74LVC1G74", "Texas Instruments", "SN74LVC1G74DCUR", _VSSOP8,
        "preset wins over the clock, so that a stuck reset holds nothing open",
        second="74LVC1G74DC (Nexperia)", breaks=("Q low", "Q high", "~Q low", "~Q high"),
    ),
    "monostable": Kind(
        "Monostable", "74LVC1G123", "Texas Instruments", "SN74LVC1G123DCUR", _VSSOP8,
        "retriggerable; 3 ms within 2.7 to 3.3 ms (factor of the R·C at 3.3 V)",
        second="74LVC1G123DC (Nexperia)", breaks=("Q low", "Q high", "drift"),
    ),
    "counter": Kind(
        "Counter", "74HC4060", "Nexperia", "74HC4060D,653", "Package_SO:SOIC-16_3.9x9.9mm_P1.27mm",
        "oscillator of its own; 2.0 to 6.0 V; less than 0.1 mA from a pin of the chip",
        tolerance="±7.5 % of its R·C", second="CD74HC4060M (Texas Instruments)",
        breaks=("Q13 low", "Q13 high", "Q3 stuck", "drift"),
    ),
    "and3": Kind(
        "And3", "74LVC1G11", "Texas Instruments", "SN74LVC1G11DBVR", _SOT6,
        "24 mA", second="74LVC1G11GW (Nexperia)", breaks=("Y low", "Y high"),
    ),
    "and2x2": Kind(
        "And2x2", "74LVC2G08", "Texas Instruments", "SN74LVC2G08DCUR", _VSSOP8,
        "24 mA into an LED", second="74LVC2G08DC (Nexperia)",
        breaks=("1Y low", "1Y high", "2Y low", "2Y high", "1A high"),
    ),
    "and2": Kind(
        "Gate2", "74LVC1G08", "Texas Instruments", "SN74LVC1G08DBVR", _SOT5,
        "its own gate for M2", second="74LVC1G08GW (Nexperia)",
        breaks=("Y low", "Y high", "A high"),
    ),
    "or2": Kind(
        "Gate2", "74LVC1G32", "Texas Instruments", "SN74LVC1G32DBVR", _SOT5,
        "either path that stays up is seen", second="74LVC1G32GW (Nexperia)",
        breaks=("Y low", "Y high"),
    ),
    "charger": Kind(
        "Charger", "MCP73831", "Microchip", "MCP73831T-2ACI/OT", _SOT5,
        "4.20 V ±0.75 %", tolerance="±0.75 %", second="MCP73832T-2ACI/OT",
        breaks=("VBAT low", "VBAT high"),
    ),
    "cell": Kind(
        "Cell", "Li-ion 1000 mAh with protection", "-", "any with IEC 62133",
        "Connector_JST:JST_PH_S2B-PH-K_1x02_P2.00mm_Horizontal",
        "protection circuit of its own; 3.3 to 4.2 V", breaks=("empty", "over-voltage"),
    ),
    "fuse": Kind(
        "Fuse", "0.5 A", "Littelfuse", "0603L050YR", "Fuse:Fuse_0603_1608Metric",
        "holds 0.2 A at 45 °C, opens before tracks burn", second="MF-FSMF050X-2",
    ),
    "coil": Kind(
        "L", "10 µH", "Murata", "LQH3NPN100MJ0L", "Inductor_SMD:L_Taiyo-Yuden_NR-30xx",
        "saturates above 0.5 A", tolerance="±20 %", second="CBC3225T100MR",
    ),
    "schottky40": Kind(
        "D", "MBR0540", "onsemi", "MBR0540T1G", _SOD, "40 V", second="B0540W-7-F",
    ),
    "clamp": Kind(
        "D_SOT23", "30 V", "Nexperia", "BZX84-B30,215", _SOT3,
        "2 %: no leak at 27.7 V, the rail's highest healthy", tolerance="±2 %",
        second="BZX84B30LT1G",
    ),
    "sign": Kind(
        "D_SOT23", "BAT54", "Nexperia", "BAT54,215", _SOT3,
        "0.16 V at 20 µA; leakage of 2 µA flows while K2 is closed only", second="BAT54LT1G",
    ),
    "signal": Kind(
        "D", "1N4148", "Diodes Inc.", "1N4148W-7-F", _SOD, "leakage 25 nA at 20 V",
        second="1N4148W-E3-08 (Vishay)",
    ),
    "rgb": Kind(
        "LED_RGB", "RGB, common cathode", "Kingbright", "WP154A4SUREQBFZGC",
        "LED_THT:LED_D5.0mm-4_RGB", "blue below 3.1 V at 1 mA", second="any, common cathode",
    ),
    "button": Kind(
        "Switch", "button", "Omron", "B3F-1000", "Button_Switch_THT:SW_PUSH_6mm", "bounce < 5 ms",
        second="any 6 mm",
    ),
    "beeper": Kind(
        "Piezo", "piezo", "Murata", "PKM13EPYH4000-A0", "Buzzer_Beeper:Buzzer_Murata_PKMCS0909E",
        "passive", second="any passive piezo",
    ),
    "electrode": Kind(
        "Connector1", "1.5 mm touch-proof", "-", "DIN 42802 socket",
        "Connector_Pin:Pin_D1.3mm_L11.0mm",
        "fits no mains plug", breaks=("open",),
    ),
    "roller": Kind(
        "Connector1", "wire", "-", "soldered wire",
        "Connector_Wire:SolderWire-0.5sqmm_1x01_D0.9mm_OD2.1mm",
        "no plug: the two electrodes cannot change places", breaks=("open",),
    ),
    "esd": Kind(
        "D_ESD", "PESD36VS2UT", "Nexperia", "PESD36VS2UT,215", _SOT3,
        "two to ground; 36 V at least, less than 50 nA at 27 V, 35 pF at most",
        second="ESD851 (Texas Instruments), two of them",
        checked="PESD36VS2UT rev. 01: 36 V, 17 pF, 30 kV; leakage 1 µA at most at 36 V, "
        "at 27 V unverified", breaks=("open", "short", "leaks"),
    ),
    "test_point": Kind(
        "TestPoint", "test point", "Keystone", "5000", "TestPoint:TestPoint_Pad_D1.5mm", "",
        second="bare pad", breaks=("touched",),
    ),
}  # fmt: skip

_E = {0: ("R", 1), 3: ("k", 1e3), 6: ("M", 1e6)}


def ohms_text(ohms):
    """2000 -> '2.00 kΩ'."""
    for letter, factor in (("M", 1e6), ("k", 1e3), ("", 1.0)):
        if ohms >= factor:
            return f"{ohms / factor:.3g} {letter}Ω" if ohms / factor >= 100 else (
                f"{ohms / factor:.2f} {letter}Ω" if ohms / factor < 10 else
                f"{ohms / factor:.1f} {letter}Ω")  # fmt: skip
    raise ValueError(f"resistor of {ohms} Ω: allowed is 1 Ω and more")


def _code(ohms):
    """Four characters: 2.00 kΩ -> 2K00, as Yageo and Vishay write it."""
    for letter, factor in (("M", 1e6), ("K", 1e3), ("R", 1.0)):
        if ohms >= factor:
            return f"{ohms / factor:.6f}"[:4].rstrip(".").replace(".", letter) if (
                ohms / factor < 100) else f"{ohms / factor:.0f}{letter}"  # fmt: skip
    raise ValueError(ohms)


def resistor(ohms, tolerance, needs):
    """0805; thin film below 1 % (25 ppm/K), thick film at 1 % (100 ppm/K)."""
    maker, mpn, second = "Yageo", f"RC0805FR-07{_short(ohms)}L", "CRCW0805 1 % (Vishay)"
    checked = ""
    if tolerance < 0.01:
        mpn, second = f"RT0805BRD07{_short(ohms)}L", "ERA-6AEB (Panasonic)"
    if tolerance < 0.01 and ohms > 1.5e6:
        maker, mpn, second = "Vishay", f"TNPV1206{_code(ohms)}BEEN", "HVC1206 (Ohmite)"
    return Kind(
        "R", ohms_text(ohms), maker, mpn, "Resistor_SMD:R_0805_2012Metric", needs,
        f"±{tolerance * 100:g} %", second, checked, ("open", "short", "drift"),
    )  # fmt: skip


def _short(ohms):
    """2000 -> 2K, 14500 -> 14K5, 499 -> 499R."""
    for letter, factor in (("M", 1e6), ("K", 1e3), ("R", 1.0)):
        if ohms >= factor:
            return f"{ohms / factor:g}".replace(".", letter) + (
                "" if "." in f"{ohms / factor:g}" else letter)  # fmt: skip
    raise ValueError(ohms)


def capacitor(farads, tolerance, volts, needs):
    """0805, C0G up to 10 nF and where 5 % is asked for, else X7R. Kemet's numbers."""
    pico = farads * 1e12
    exponent = max(0, len(f"{pico:.0f}") - 2)
    code = f"{round(pico / 10**exponent):02d}{exponent}"
    size = "0805" if farads <= 100e-9 and not (farads > 10e-9 and tolerance <= 0.05) else "1206"
    c0g = tolerance <= 0.05
    rated = {10: "8", 25: "3", 50: "5", 100: "1"}[volts]
    mpn = f"C{size}C{code}{'J' if c0g else 'K'}{rated}{'G' if c0g else 'R'}ACTU"
    text = next(f"{farads / f:g} {u}F" for u, f in (("µ", 1e-6), ("n", 1e-9), ("p", 1e-12))
                if farads >= f * 0.999)  # fmt: skip
    metric = {"0805": "2012", "1206": "3216"}[size]
    return Kind(
        "C", f"{text} {volts} V {'C0G' if c0g else 'X7R'}", "Kemet", mpn,
        f"Capacitor_SMD:C_{size}_{metric}Metric", needs, f"±{tolerance * 100:g} %",
        "GRM (Murata), same rating",
    )  # fmt: skip
