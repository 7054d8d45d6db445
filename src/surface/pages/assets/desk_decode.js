// A worker that looks for a QR code in a picture, so that the page stays quick. Each picture has
// a limit of time; what is not found in it will be in one of the next.

import { decodeQR } from "/assets/qr-0.7.0/decode.js";

/** Milliseconds for one picture of the camera, and for a photo, which comes alone. */
const LIMIT_MS = { camera: 70, photo: 1500 };

addEventListener("message", ({ data: { number, kind, image } }) => {
  let code = null;
  try {
    code = decodeQR(image, { timeLimit: LIMIT_MS[kind], effort: kind === "photo" ? 8 : 2 });
  } catch {
    code = null; // No code in this picture.
  }
  postMessage({ number, code });
});
