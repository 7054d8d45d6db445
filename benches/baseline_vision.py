"""The same work with OpenCV, onnxruntime and numpy, one thread: python3 baseline_vision.py NETWORKS PICTURE ROUNDS

NETWORKS holds published/, prelu/ and arith/ as benches/vision.sh makes them. Prints name, best, median (ms).
"""
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import cv2
import numpy as np
import onnx
import onnxruntime as ort

networks, picture, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
cv2.setNumThreads(1)
print("#", f"opencv {cv2.__version__}, onnxruntime {ort.__version__}, numpy {np.__version__}")
TARGET = np.float32([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])


def report(name, run):
    run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    times.sort()
    print(name, f"{times[0]:.3f} {times[len(times) // 2]:.3f}", flush=True)


def session(model):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def detector(path, width, height):
    """The network for one input size: its own shapes are those of 640x640."""
    model = onnx.load(path)
    sides = model.graph.input[0].type.tensor_type.shape.dim
    sides[2].dim_value, sides[3].dim_value = height, width
    outputs = [o.name for o in model.graph.output]
    del model.graph.output[:]
    model.graph.output.extend(onnx.helper.make_tensor_value_info(o, 1, None) for o in outputs)
    del model.graph.value_info[:]
    return session(model.SerializeToString())


def sigmoid(v):
    return 1 / (1 + np.exp(-v))


def best_face(run, merged, bgr):
    """The landmarks of the strongest face; the usual vectorised decoding."""
    h, w = bgr.shape[:2]
    H, W = -(-h // 32) * 32, -(-w // 32) * 32
    padded = cv2.copyMakeBorder(bgr, 0, H - h, 0, W - w, cv2.BORDER_CONSTANT)
    out = run.run(None, {"input": padded.transpose(2, 0, 1)[None].astype(np.float32)})
    best, points = 0.0, None
    for i, s in enumerate((8, 16, 32)):
        if merged:
            m = out[i][0].reshape(16, -1)
            score, kps = np.sqrt(sigmoid(m[0]) * sigmoid(m[1])), m[6:16, :].T
        else:
            cls, obj, kps = out[i][0, :, 0], out[3 + i][0, :, 0], out[9 + i][0]
            score = np.sqrt(np.clip(cls, 0, 1) * np.clip(obj, 0, 1))
        k = int(score.argmax())
        if score[k] > best:
            best = score[k]
            points = (kps[k].reshape(5, 2) + [k % (W // s), k // (W // s)]) * s
    return points.astype(np.float32)


def crop_of(bgr, points):
    p, q = points - points.mean(0), TARGET - TARGET.mean(0)
    n = (p * p).sum()
    a, b = (p * q).sum() / n, (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / n
    turn = np.array([[a, -b], [b, a]])
    move = TARGET.mean(0) - turn @ points.mean(0)
    return cv2.warpAffine(bgr, np.c_[turn, move], (112, 112))


def embed(run, crop):
    x = np.ascontiguousarray(crop[:, :, ::-1].transpose(2, 0, 1)[None], dtype=np.float32)
    e = run.run(None, {"data": x})[0][0]
    return e / np.linalg.norm(e)


bgr = cv2.imread(picture)
height, width = bgr.shape[:2]
half = cv2.resize(bgr, (320, 240), interpolation=cv2.INTER_AREA)

published = f"{networks}/published"
Y, S = "face_detection_yunet_2023mar", "face_recognition_sface_2021dec"
for name, image in (("opencv_published", bgr), ("opencv_published_half", half)):
    h, w = image.shape[:2]
    yunet = cv2.FaceDetectorYN.create(f"{published}/{Y}.onnx", "", (w, h), 0.7, 0.3, 5000)
    sface = cv2.FaceRecognizerSF.create(f"{published}/{S}.onnx", "")

    def whole():
        small = bgr if image is bgr else cv2.resize(bgr, (320, 240), interpolation=cv2.INTER_AREA)
        face = yunet.detect(small)[1][0] * (width / small.shape[1])
        sface.feature(sface.alignCrop(bgr, face))

    report(name, whole)

reference = None
for name, yunet_file, sface_file, half_size in (
    ("ort_published", f"{published}/{Y}.onnx", f"{published}/{S}.onnx", False),
    ("ort_published_half", f"{published}/{Y}.onnx", f"{published}/{S}.onnx", True),
    ("ort_prelu", f"{networks}/prelu/{Y}_merged.onnx", f"{networks}/prelu/{S}.onnx", False),
    ("ort_prelu_half", f"{networks}/prelu/{Y}_merged.onnx", f"{networks}/prelu/{S}.onnx", True),
    ("ort_arith", f"{networks}/prelu/{Y}_merged.onnx", f"{networks}/arith/{S}.onnx", False),
    ("ort_arith_half", f"{networks}/prelu/{Y}_merged.onnx", f"{networks}/arith/{S}.onnx", True),
):
    size = (320, 256) if half_size else (-(-width // 32) * 32, -(-height // 32) * 32)
    yunet, sface, merged = detector(yunet_file, *size), session(sface_file), "merged" in yunet_file

    def whole():
        small = cv2.resize(bgr, (320, 240), interpolation=cv2.INTER_AREA) if half_size else bgr
        points = best_face(yunet, merged, small) * (width / small.shape[1])
        return embed(sface, crop_of(bgr, points))

    reference = whole() if reference is None else reference
    assert reference @ whole() > 0.9, name
    report(name, whole)
    small = half if half_size else bgr
    report(f"{name}_find", lambda: best_face(yunet, merged, small))
    if not half_size:
        crop = crop_of(bgr, best_face(yunet, merged, bgr))
        report(f"{name}_embed", lambda: embed(sface, crop))

templates = np.random.default_rng(1).standard_normal((50_000, 128), dtype=np.float32)
templates /= np.linalg.norm(templates, axis=1, keepdims=True)
probe = templates[7].copy()


def search():
    cosines = templates @ probe
    best = int(cosines.argmax())
    cosines[best] = -2
    return best, int(cosines.argmax())


report("numpy_search", search)
report("numpy_product", lambda: templates @ probe)
