// The camera of the phone as a scanner: it stays open, a worker looks at up to eight pictures a
// second, and nothing that a code says or does stops it.

const PICTURES_MS = 125;
const WIDTH_MAX = 800;
const PHOTO_WIDTH_MAX = 1600;
const CHOICE = "hadir-desk-camera";

function remembered() {
  try {
    return localStorage.getItem(CHOICE) ?? undefined;
  } catch {
    return undefined;
  }
}

function remember(id) {
  try {
    localStorage.setItem(CHOICE, id);
  } catch {
    // The next visit asks again, that is all.
  }
}

export class Scanner {
  #video;
  #canvas = document.createElement("canvas");
  #worker = new Worker("/assets/desk_decode.js", { type: "module" });
  #stream = null;
  #timer = 0;
  #waiting = new Map();
  #number = 0;
  #busy = false;
  #lock = null;
  #found;

  /** `found(code)` is called for each picture with a code. */
  constructor(video, found) {
    this.#video = video;
    this.#found = found;
    this.#worker.addEventListener("message", ({ data }) => {
      this.#waiting.get(data.number)?.(data.code);
      this.#waiting.delete(data.number);
    });
    document.addEventListener("visibilitychange", () => this.#stayAwake());
  }

  get on() {
    return this.#stream !== null;
  }

  /** Whether the torch of the open camera can be switched. */
  get torch() {
    return Boolean(this.#track?.getCapabilities?.().torch);
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  /** Opens the camera that was used last, else one that looks away from the screen. */
  async start(id = remembered()) {
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    const wanted = id ? { deviceId: { exact: id } } : { facingMode: { ideal: "environment" } };
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { ...size, ...wanted } });
    } catch (error) {
      if (!id) throw error;
      stream = await navigator.mediaDevices.getUserMedia({ video: size });
    }
    this.stop();
    this.#stream = stream;
    this.#video.srcObject = stream;
    await this.#video.play();
    const used = this.#track.getSettings().deviceId;
    if (used) remember(used);
    this.#timer = setInterval(() => this.#look(), PICTURES_MS);
    await this.#stayAwake();
  }

  /** The camera after this one. */
  async next() {
    const all = await navigator.mediaDevices.enumerateDevices();
    const cameras = all.filter((device) => device.kind === "videoinput");
    const now = this.#track?.getSettings().deviceId;
    const at = cameras.findIndex((camera) => camera.deviceId === now);
    const after = cameras[(at + 1) % cameras.length];
    if (after) await this.start(after.deviceId);
  }

  stop() {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
    this.#lock?.release().catch(() => {});
    this.#lock = null;
  }

  async light(on) {
    await this.#track?.applyConstraints({ advanced: [{ torch: on }] });
  }

  /** The code in a photo, or null. */
  async photo(file) {
    const picture = await createImageBitmap(file);
    const image = this.#pixels(picture, picture.width, picture.height, PHOTO_WIDTH_MAX);
    picture.close();
    return this.#decode(image, "photo");
  }

  async #look() {
    const { videoWidth: width, videoHeight: height, readyState } = this.#video;
    if (this.#busy || !width || readyState < 2) return;
    this.#busy = true;
    try {
      const code = await this.#decode(this.#pixels(this.#video, width, height, WIDTH_MAX), "camera");
      if (code && this.on) this.#found(code);
    } finally {
      this.#busy = false;
    }
  }

  #pixels(source, width, height, width_max) {
    const scale = Math.min(1, width_max / Math.max(width, height));
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(source, 0, 0, this.#canvas.width, this.#canvas.height);
    return context.getImageData(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #decode({ data, width, height }, kind) {
    this.#number += 1;
    const number = this.#number;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#worker.postMessage({ number, kind, image: { data, width, height } }, [data.buffer]);
    });
  }

  async #stayAwake() {
    if (!this.on || document.visibilityState !== "visible" || !navigator.wakeLock) return;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
    } catch {
      this.#lock = null; // The phone saves power; the page works on.
    }
  }
}
