// The beeper. It sounds at real time only: faster, its patterns would mean nothing.

const Sound = (() => {
  let context = null;
  let tone = null;
  let volume = null;
  let wanted = true;
  let playing = 0;

  // Browsers let a page sound only once a person has done something.
  function wake() {
    if (!wanted || context || !window.AudioContext) return;
    context = new AudioContext();
    volume = new GainNode(context, { gain: 0 });
    tone = new OscillatorNode(context, { type: "triangle" });
    tone.connect(volume).connect(context.destination);
    tone.start();
  }

  function play(hz) {
    if (!wanted) hz = 0;
    if (!context || hz === playing) return;
    playing = hz;
    const now = context.currentTime;
    if (hz) tone.frequency.setValueAtTime(hz, now);
    volume.gain.setTargetAtTime(hz ? 0.07 : 0, now, 0.004);
  }

  return {
    wake,
    play,
    on: () => wanted,
    set(on) {
      wanted = on;
      if (on) wake();
      else play(0);
    },
  };
})();
