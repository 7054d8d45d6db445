// Where the pictures of the screen come from: the browser's camera, whose pictures go to the box
// one after the other, or the box's own, whose pictures and findings come from there.

import { call } from "./page.js";

/** Width of the pictures that are sent, in pixels: what the detector needs at the door. */
const SEND_WIDTH = 640;
/** Quality of the JPEG. */
const QUALITY = 0.85;
/** A picture that nobody answers within this time counts as lost, in milliseconds. */
const ANSWER_MS = 8000;
/** No picture for so long: the camera is gone, in milliseconds. */
const SILENT_MS = 3000;

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** The camera of the browser. `tell(type, more)` hears: frame, camera, lost, answer. */
export class BrowserCamera {
  constructor(video, tell, pause) {
    this.video = video;
    this.tell = tell;
    this.pause = pause;
    this.canvas = document.createElement("canvas");
    this.fresh_at = 0;
    this.which = localStorage.getItem("kiosk_camera") ?? "";
    this.running = false;
  }

  /** Opens the camera and keeps it open. */
  async start() {
    this.running = true;
    for (let tries = 0; this.running; tries += 1) {
      try {
        await this.open();
        tries = 0;
        await this.send();
      } catch {
        this.tell("camera", { ok: false });
      }
      await wait(this.pause(tries));
    }
  }

  async open() {
    if (!navigator.mediaDevices) throw new Error("no camera: the page needs HTTPS or loopback");
    const wanted = this.which ? { deviceId: { ideal: this.which } } : { facingMode: "user" };
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 960 } },
    });
    this.video.srcObject = stream;
    this.stream = stream;
    await this.video.play();
    this.fresh_at = performance.now();
  }

  /** Sends picture after picture until the camera fails; the next one when the last was answered. */
  async send() {
    for (let failures = 0; this.running; ) {
      const track = this.stream.getVideoTracks()[0];
      if (!track || track.readyState !== "live" || track.muted) {
        if (performance.now() - this.fresh_at > SILENT_MS) throw new Error("the camera is gone");
        await wait(200);
        continue;
      }
      this.fresh_at = performance.now();
      const picture = await this.picture();
      const asked_at = performance.now();
      try {
        const answer = await this.ask(picture);
        failures = 0;
        this.tell("answer", answer);
        if (answer.skipped) await wait(100);
        // Not more than fifteen pictures a second.
        await wait(Math.max(0, 66 - (performance.now() - asked_at)));
      } catch (error) {
        this.tell("lost", { error });
        await wait(this.pause(failures));
        failures += 1;
      }
    }
  }

  async picture() {
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, SEND_WIDTH / Math.max(1, videoWidth));
    this.canvas.width = Math.max(1, Math.round(videoWidth * scale));
    this.canvas.height = Math.max(1, Math.round(videoHeight * scale));
    this.canvas.getContext("2d").drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    return new Promise((done, fail) => {
      this.canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", QUALITY);
    });
  }

  ask(picture) {
    const late = wait(ANSWER_MS).then(() => {
      throw { status: 0, code: "late", message: "" };
    });
    return Promise.race([call("POST", "/api/v1/kiosk/frame", picture), late]);
  }

  /** The next of the cameras that there are. */
  async next() {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput");
    const at = cameras.findIndex((c) => c.deviceId === this.which);
    this.which = cameras[(at + 1) % Math.max(1, cameras.length)]?.deviceId ?? "";
    localStorage.setItem("kiosk_camera", this.which);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  /** Milliseconds since the last picture. */
  age() {
    return this.fresh_at ? Math.round(performance.now() - this.fresh_at) : null;
  }
}

/** The camera of the box: its pictures are shown by an <img>, its findings come as events. */
export class BoxCamera {
  constructor(image, tell, pause) {
    this.image = image;
    this.tell = tell;
    this.pause = pause;
    this.fresh_at = performance.now();
    this.tries = 0;
  }

  start() {
    this.image.hidden = false;
    this.image.addEventListener("error", () => setTimeout(() => this.show(), this.pause(this.tries++)));
    this.show();
    setInterval(() => {
      if (this.age() > SILENT_MS) this.tell("camera", { ok: false });
    }, 500);
  }

  show() {
    this.image.src = `/api/v1/kiosk/preview?t=${Math.round(performance.now())}`;
  }

  /** What the box saw in a picture. */
  saw(seen) {
    this.fresh_at = performance.now();
    this.tries = 0;
    this.tell("answer", { seen, decisions: [] });
  }

  async next() {}

  age() {
    return Math.round(performance.now() - this.fresh_at);
  }
}
