// What the page calls things: states, ends, faults, skins, in words and marks.

const Words = (() => {
  const STATES = {
    loading: ["Starting", "MicroPython is being loaded."],
    selftest: ["Self-test", "The wand proves that it can switch its output off. A press counts once it is ready."],
    ready: ["Ready", "Keep the roller off the skin and hold the button for 1.5 s to arm. A short press chooses the next product."],
    asleep: ["Asleep", "Press the button to wake it."],
    proving: ["Proving the cut-off", "Tested before every session, without skin."],
    contact: ["Looking for skin", "Put the roller on the skin. A tiny current feels for it."],
    ramping: ["Ramping up", "The current rises slowly from zero. Any press stops it."],
    treating: ["Treating", "Keep the roller on the skin. Any press stops it."],
    bounced: ["Treating", "Keep the roller on the skin. Any press stops it."],
    lifted: ["Paused", "Lifted: no current, no time, no dose counts. Touch again to go on; a dry hand at the grip opens the circuit too."],
    stopping: ["Ramping down", "The current falls to zero."],
    done: ["Done", ""],
    ended: ["Ended early", ""],
    refused: ["Refused", ""],
    fault: ["Fault", ""],
  };
  const ENDS = {
    complete: "The dose is delivered. Lift the wand.",
    stopped: "Stopped by the button.",
    timeout: "Ended by the hard time-out.",
    rest: "The skin has had enough for an hour: 30 min of rest.",
    no_contact: "No skin was found for 60 s.",
    battery_low: "The battery is too low. Charge it.",
    vbus: "The charger is plugged in: no treatment while a person could be tied to the mains.",
    product: "This product cannot be used.",
    too_conductive: "The skin conducts too well: its barrier may be broken.",
    touched: "The roller was on the skin, or gel joins roller and grip: the wand tests itself without. Lift, wipe, then press once.",
  };
  const MARKS = { // shapes, not colours alone, tell states apart
    loading: "M12 3v4M12 17v4M3 12h4M17 12h4", selftest: "M12 3v4M12 17v4M3 12h4M17 12h4M6 6l2 2M16 16l2 2",
    ready: "M12 3a9 9 0 100 18 9 9 0 100-18", asleep: "M8 7h8l-8 10h8", proving: "M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4",
    contact: "M12 4v10M8 10l4 4 4-4M4 20h16", ramping: "M4 19h4l8-13h4", treating: "M4 7h16M4 12h16M4 17h16",
    bounced: "M4 7h16M4 12h16M4 17h16", lifted: "M8 5v14M16 5v14", stopping: "M4 6h4l8 13h4", done: "M4 13l5 5L20 6", ended: "M6 6h12v12H6z", refused: "M12 3a9 9 0 100 18 9 9 0 100-18M6 6l12 12",
    fault: "M12 3L2 20h20zM12 10v5M12 17.5v.5",
  };
  const FAULTS = {
    rset_short: "R_SET shorted: nothing sets the current", rset_open: "R_SET open",
    m1_short: "Regulating MOSFET shorted", m2_short: "Gate MOSFET M2 shorted",
    k1_stuck_on: "Gate relay K1 stuck on", rb_short: "Second current sense R_B shorted",
    divider_open: "DAC's divider open: full setpoint", dac_full_scale: "DAC stuck at full scale",
    diode_short: "Current-limiting diode shorted", comparator_dead: "Comparator dead",
    bridge_stuck_closed: "A polarity relay stuck closed", bridge_stuck_open: "A polarity relay stuck open",
    adc_stuck: "Fast converter repeats its last sample", i2c_hang: "I²C bus held low",
    mcu_hang: "Processor hangs", monostable_stuck: "Monostable stuck on",
    bridge_stuck_1: "Polarity relays stuck: roller −", bridge_stuck_2: "Polarity relays stuck: roller +",
    dummy_welded: "Dummy's relay welded: 10 kΩ beside the skin",
  };
  const SKINS = { hydrated: "Hydrated", dry: "Dry", very_dry: "Very dry", peeled: "Peeled" };

  const name = (text) => text.replaceAll("_", " ");
  const sentence = (text) => (text ? `${text[0].toUpperCase()}${text.slice(1)}. ` : "");
  const milliampMinutes = (uc, digits) => Texts.figure((uc / 60000).toFixed(digits));
  const time = (seconds, digits = 1) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${(seconds % 60).toFixed(digits).padStart(digits ? 3 + digits : 2, "0")}`;

  return { STATES, ENDS, MARKS, FAULTS, SKINS, name, sentence, time, milliampMinutes };
})();
