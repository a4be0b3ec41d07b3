// A navigator.serial for the page whose one port is a PTY: the Unix-port wand sits behind it.
//
// Real signatures of Web Serial, as far as the page may use them. `bridge.pull()` is the cable
// pulled: what is open breaks as Chromium's does, with a NetworkError, and the port says
// "disconnect". `bridge.pullAfter(bytes)` does so in the middle of whatever is sent by then.

import { closeSync, openSync, constants, writeSync } from "node:fs";
import { ReadStream } from "node:tty";

const inPage = ({ usb }) => {
  const ports = [];
  class Port extends EventTarget {
    constructor() {
      super();
      this.readable = this.writable = null;
    }
    getInfo() { return { usbVendorId: usb[0], usbProductId: usb[1] }; }
    async open({ baudRate }) {
      if (!(baudRate > 0)) throw new TypeError("baudRate");
      if (this.readable) throw new DOMException("The port is already open.", "InvalidStateError");
      if (!await serialOpen()) throw new DOMException("Failed to open serial port.", "NetworkError");
      this.signals = {};
      this.readable = new ReadableStream({
        start: (controller) => { this.controller = controller; },
      });
      this.writable = new WritableStream({
        write: async (chunk) => {
          if (!this.signals.dataTerminalReady) throw new DOMException("nobody told the wand that a host is there", "NetworkError");
          if (!await serialWrite([...chunk])) throw new DOMException("The device has been lost.", "NetworkError");
        },
      });
    }
    async setSignals(signals) { Object.assign(this.signals, signals); }
    async close() {
      if (this.readable?.locked || this.writable?.locked) throw new TypeError("Cannot cancel a locked stream");
      this.readable = this.writable = null;
      await serialClose();
    }
    lost() {
      this.controller?.error(new DOMException("The device has been lost.", "NetworkError"));
      this.dispatchEvent(new Event("disconnect"));
    }
  }
  const port = new Port();
  ports.push(port);
  const serial = new EventTarget();
  serial.getPorts = async () => ports;
  serial.requestPort = async ({ filters } = {}) => {
    const fits = filters?.some((one) => one.usbVendorId === usb[0] && one.usbProductId === usb[1]);
    if (!fits) throw new DOMException("No port selected by the user.", "NotFoundError");
    return port;
  };
  Object.defineProperty(navigator, "serial", { value: serial, configurable: true });
  window.serialGot = (bytes) => { try { port.controller.enqueue(Uint8Array.from(bytes)); } catch { /* nobody reads */ } };
  window.serialLost = () => port.lost();
};

// `state.held`: one holder at a time, in whichever tab.
export async function bridge(context, path, usb, state = { held: null }) {
  const page = await context.newPage();
  const own = { page, written: 0, least: Infinity, sent: 0 };
  let descriptor = null;
  let stream = null;

  async function close() {
    if (descriptor === null) return;
    stream.destroy();
    descriptor = stream = null;
    if (state.held === own) state.held = null;
  }
  own.pull = async () => {
    await close();
    await page.evaluate(() => serialLost());
  };
  own.pullAfter = (bytes) => { own.least = own.written + bytes; };
  await page.exposeFunction("serialOpen", async () => {
    if (state.held) return false;
    state.held = own;
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    stream = new ReadStream(descriptor);
    const mine = stream;
    mine.on("data", (data) => { if (stream === mine) page.evaluate((bytes) => serialGot(bytes), [...data]).catch(() => {}); });
    mine.on("error", () => {});
    return true;
  });
  await page.exposeFunction("serialWrite", async (bytes) => {
    if (descriptor === null) return false;
    const left = own.least - own.written;
    const data = Buffer.from(bytes.slice(0, Math.max(0, left)));
    for (let at = 0; at < data.length;) {
      try {
        at += writeSync(descriptor, data, at);
      } catch (error) {
        if (error.code !== "EAGAIN") throw error;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }
    own.written += data.length;
    if (data.length === bytes.length) return true;
    own.least = Infinity;
    await own.pull();
    return false;
  });
  await page.exposeFunction("serialClose", close);
  await page.addInitScript(inPage, { usb });
  return own;
}
