// Takes the pictures of an enrolment: looks at what the camera sees, says what to do, and sends
// a picture as soon as it is good, until there are enough.
import { call, say } from "./page.js";

const root = document.getElementById("enrol");
if (root) start(root);

function start(root) {
  const part = (id) => document.getElementById(id);
  const video = part("video");
  const needed = Number(root.dataset.needed);
  const state = { count: 0, running: false, stopped: false, stream: null };

  const tell = (text, kind = "") => {
    const hint = part("hint");
    if (hint.textContent !== text) hint.textContent = text;
    hint.dataset.kind = kind;
  };
  const show = (count) => {
    state.count = count;
    part("progress").value = Math.min(count, needed);
    part("count").textContent = say("count", Math.min(count, needed), needed);
    part("again").hidden = count === 0;
  };

  // A picture of the camera as JPEG, at most `side` pixels wide.
  const shot = async (side) => {
    const scale = Math.min(1, side / video.videoWidth);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  };

  const frame = (place, good) => {
    const box = part("box");
    box.hidden = !place;
    if (!place) return;
    const [left, top, width, height] = place.map((n) => `${n * 100}%`);
    // The picture is mirrored, the numbers are not.
    box.style.right = left;
    box.style.top = top;
    box.style.width = width;
    box.style.height = height;
    box.classList.toggle("good", good);
  };

  const refused = (problem) => {
    if (problem.code === "no_consent") tell(say("no_consent"), "bad");
    else if (problem.status === 503) tell(say("faces_off"), "bad");
    else if (problem.status) tell(say("failed"), "bad");
    else tell(say("connection"), "bad");
  };

  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  // One look; true if a picture was taken.
  const step = async () => {
    const looked = await call("POST", root.dataset.look, await shot(640));
    frame(looked.box, looked.good);
    tell(say(looked.hint), looked.good ? "good" : "");
    if (!looked.good) return false;
    const sent = await call("POST", root.dataset.pictures, await shot(1280));
    show(sent.count);
    if (sent.taken) tell(say("taken"), "good");
    return sent.taken;
  };

  const loop = async () => {
    if (state.running) return;
    state.running = true;
    let wait = 250;
    while (!state.stopped && state.count < needed) {
      try {
        const taken = await step();
        // A moment to move the head between two pictures; a hint can be read.
        wait = taken ? 900 : 250;
      } catch (problem) {
        refused(problem);
        wait = Math.min(8000, wait * 2);
      }
      await pause(wait);
    }
    state.running = false;
    if (state.count >= needed && !state.stopped) await finish({});
  };

  const stop = () => {
    state.stopped = true;
    for (const track of state.stream?.getTracks() ?? []) track.stop();
    state.stream = null;
    part("view").hidden = true;
    part("box").hidden = true;
  };

  const done = () => {
    stop();
    root.hidden = true;
    part("conflict").hidden = true;
    const text = root.dataset.own ? say("own_done") : say("enrolled", root.dataset.name);
    part("done-text").textContent = text;
    part("done").hidden = false;
    const steps = document.querySelectorAll("#steps li");
    for (const item of steps) {
      item.removeAttribute("aria-current");
      item.classList.add("done");
    }
    const next = part("next");
    if (next) {
      next.textContent = next.dataset.done;
      next.classList.add("primary");
      next.focus();
    } else {
      part("done").focus();
    }
  };

  const finish = async (body) => {
    tell(say("wait"));
    try {
      await call("POST", root.dataset.face, body);
      done();
    } catch (problem) {
      if (problem.code === "same_face") return conflict(problem);
      if (problem.code === "pictures_unlike") {
        await again();
        tell(say("unlike"), "bad");
        return;
      }
      if (problem.code === "stale") return finish(body);
      refused(problem);
      part("again").hidden = false;
    }
  };

  const conflict = (problem) => {
    stop();
    root.hidden = true;
    const panel = part("conflict");
    panel.hidden = false;
    const other = part("other");
    const id = /\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/.exec(problem.message ?? "");
    if (other && id) other.href = `/people/${id[0]}`;
    panel.focus();
  };
  part("override")?.addEventListener("submit", (event) => {
    event.preventDefault();
    finish({ not_same_person: part("reason").value });
  });

  const again = async () => {
    try {
      await call("DELETE", root.dataset.pictures);
    } catch (problem) {
      refused(problem);
    }
    show(0);
  };

  const list = async () => {
    const all = await navigator.mediaDevices.enumerateDevices();
    const cameras = all.filter((device) => device.kind === "videoinput");
    part("cameras-field").hidden = cameras.length < 2;
    const chosen = state.stream?.getVideoTracks()[0]?.getSettings().deviceId;
    const options = cameras.map((device, i) => {
      const label = device.label || `${i + 1}`;
      return new Option(label, device.deviceId, false, device.deviceId === chosen);
    });
    part("cameras").replaceChildren(...options);
  };

  const open = async (camera) => {
    if (!navigator.mediaDevices?.getUserMedia) {
      tell(say(window.isSecureContext ? "camera_none" : "camera_insecure"), "bad");
      return;
    }
    const wish = { width: { ideal: 1280 }, height: { ideal: 720 } };
    const which = camera ? { deviceId: { exact: camera } } : { facingMode: "user" };
    try {
      for (const track of state.stream?.getTracks() ?? []) track.stop();
      state.stream = await navigator.mediaDevices.getUserMedia({ video: { ...wish, ...which } });
    } catch {
      tell(say("camera_none"), "bad");
      return;
    }
    video.srcObject = state.stream;
    await video.play();
    part("view").hidden = false;
    part("start").hidden = true;
    state.stopped = false;
    await list();
    loop();
  };

  const send = async (files) => {
    stop();
    part("start").hidden = false;
    state.stopped = false;
    tell(say("wait"));
    try {
      for (const file of files) {
        const sent = await call("POST", root.dataset.pictures, file);
        show(sent.count);
        if (!sent.taken) {
          const issue = sent.faces === 0 ? "no_face" : sent.faces > 1 ? "many_faces" : (sent.issues[0] ?? "unsure");
          tell(`${file.name}: ${say(issue)}`, "bad");
          return;
        }
      }
      if (state.count >= needed) await finish({});
    } catch (problem) {
      refused(problem);
    }
  };

  part("start").addEventListener("click", () => open(null));
  part("cameras").addEventListener("change", (event) => open(event.target.value));
  part("files").addEventListener("change", (event) => send(event.target.files));
  part("again").addEventListener("click", async () => {
    await again();
    if (state.stream) loop();
  });
  addEventListener("pagehide", stop);
  // Pictures of an earlier, broken-off try are not mixed with these.
  again();
}
