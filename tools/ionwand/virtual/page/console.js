// A wand's console over Web Serial: MicroPython's raw REPL, code by raw-paste mode with its flow
// control [MPY: docs/reference/repl.rst]. Knows bytes and nothing of what they order.

const Console = (() => {
  const { t } = Texts;
  const CTRL = { A: "\x01", B: "\x02", C: "\x03", D: "\x04", E: "\x05" };
  const PATIENCE_MS = 60_000; // between two characters: a wand may compute for a while
  const GREETING_MS = 5_000; // a board that is no MicroPython does not answer at all
  const RAW = "raw REPL; CTRL-B to exit\r\n>";

  class Lost extends Error {} // the cable, or whoever was at its other end

  class Line {
    constructor(port) {
      this.port = port;
      this.got = new Uint8Array(0);
      this.wake = () => {};
      this.gone = null;
    }

    async open() {
      await this.port.open({ baudRate: 115200, bufferSize: 65536 });
      // As mpremote: the wand is told that a host is there before anything is written.
      await this.port.setSignals({ dataTerminalReady: true }).catch(() => {});
      this.reader = this.port.readable.getReader();
      this.writer = this.port.writable.getWriter();
      this.pump();
    }

    async pump() {
      try {
        for (;;) {
          const { value, done } = await this.reader.read();
          if (done) break;
          const more = new Uint8Array(this.got.length + value.length);
          more.set(this.got);
          more.set(value, this.got.length);
          this.got = more;
          this.wake();
        }
      } catch { /* said by whoever waits */ }
      this.gone = new Lost(t("the cable was pulled, or the wand has restarted"));
      this.wake();
    }

    async close() {
      await this.reader?.cancel().catch(() => {});
      this.reader?.releaseLock();
      this.writer?.releaseLock();
      await this.port.close().catch(() => {});
    }

    async write(data) {
      if (this.gone) throw this.gone;
      const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
      await this.writer.write(bytes).catch(() => { throw new Lost(t("the cable was pulled")); });
    }

    async more(patience) { // until something has come
      if (this.gone) throw this.gone;
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Lost(t("no answer"))), patience);
        this.wake = () => { clearTimeout(timer); resolve(); };
      });
      if (this.gone && !this.got.length) throw this.gone;
    }

    async take(count, patience = PATIENCE_MS) {
      while (this.got.length < count) await this.more(patience);
      const taken = this.got.slice(0, count);
      this.got = this.got.slice(count);
      return taken;
    }

    async until(end, patience = PATIENCE_MS) { // bytes as a binary string, `end` left out
      let text = "";
      for (;;) {
        text += String.fromCharCode(...this.got.subarray(0, 8192));
        this.got = this.got.slice(8192);
        const at = text.indexOf(end);
        if (at >= 0) {
          const rest = text.slice(at + end.length) + String.fromCharCode(...this.got);
          this.got = Uint8Array.from(rest, (char) => char.charCodeAt(0));
          return text.slice(0, at);
        }
        if (!this.got.length) await this.more(patience);
      }
    }

    // Ctrl-C ends whatever runs, which is off. A wand that was just starting is asked once more.
    async interrupt() {
      for (let left = 1; ; left -= 1) {
        await this.write(`\r${CTRL.C}${CTRL.C}\r${CTRL.A}`);
        try {
          await this.until(RAW, GREETING_MS);
          return;
        } catch (error) {
          if (this.gone || !left) throw this.gone ?? new Lost(t("it does not answer as MicroPython does: this is no wand"));
        }
      }
    }

    // What the code printed; an Error named "Said" with the wand's own words where it failed.
    async run(code) {
      await this.paste(new TextEncoder().encode(code));
      const out = await this.until(CTRL.D);
      const error = await this.until(CTRL.D);
      await this.until(">");
      const text = (binary) => new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
      if (error) throw Object.assign(new Error(text(error)), { name: "Said" });
      return text(out);
    }

    async paste(bytes) {
      await this.write(`${CTRL.E}A${CTRL.A}`);
      const answer = await this.take(2);
      if (answer[0] !== 0x52 || answer[1] !== 1) throw new Lost(t("its console takes no raw paste: too old a MicroPython"));
      const size = await this.take(2);
      const step = size[0] | (size[1] << 8);
      let window = step;
      for (let at = 0; at < bytes.length;) {
        while (window === 0 || this.got.length) { // it has room for `step` more, or has had enough
          const [sign] = await this.take(1);
          if (sign === 1) window += step;
          else if (sign === 4) {
            await this.write(CTRL.D);
            return;
          } else throw new Lost(t("its console answers out of turn"));
        }
        const piece = bytes.subarray(at, at + Math.min(window, bytes.length - at));
        await this.write(piece);
        window -= piece.length;
        at += piece.length;
      }
      await this.write(CTRL.D);
      for (;;) {
        const [sign] = await this.take(1);
        if (sign === 4) return; // it has all of it; what it prints comes next
        if (sign !== 1) throw new Lost(t("its console answers out of turn"));
      }
    }

    // As after power-on. The answer is its disappearance.
    async restart() {
      await this.write("import sys, machine\nmachine.reset() if sys.platform == 'rp2' else None\n" + CTRL.D).catch(() => {});
      await this.until(">", 1000).catch(() => {}); // gone by then; the Unix port goes another way
      await this.write(`\r${CTRL.B}${CTRL.D}`).catch(() => {});
    }
  }

  return { Line, Lost };
})();
