#!/bin/sh
# Faces against OpenCV, onnxruntime and numpy, one thread each, in turn on the same machine.
# usage: benches/vision.sh [DIR]    DIR keeps the Python environment and the networks between runs
#
# Needs python3 (3.10 to 3.12) with venv and pip. Prints versions, commands, measurements (name,
# best, median in milliseconds) and the ratios that docs/performance.md quotes. The best of all
# turns counts, since a busy machine only ever makes things slower.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dir=${1:-$here/target/bench-vision}
picture=$here/tests/reference/single_640x480.jpg
rounds=${ROUNDS:-60}
turns=${TURNS:-3}
mkdir -p "$dir"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

if [ ! -x "$dir/env/bin/python" ]; then
    python3 -m venv "$dir/env"
    "$dir/env/bin/pip" install -q opencv-python-headless==4.11.0.86 onnxruntime==1.31.1 onnx==1.23.2 numpy==1.26.4
fi
if [ ! -d "$dir/networks/arith" ]; then
    python3 "$here/models/prepare.py" "$dir/networks/prelu" --published
    python3 "$here/models/prepare.py" "$dir/networks/arith" --activation arith
    mv "$dir/networks/prelu/published" "$dir/networks/published"
fi
cd "$here"
cargo build --release --bench vision
program=$(ls -t "${CARGO_TARGET_DIR:-target}"/release/deps/vision-* | grep -v '\.' | head -1)

echo "# $(rustc --version); $(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-); one thread each"
echo "# \$ vision face $(basename "$picture") $rounds"
echo "# \$ vision search 50000 $rounds"
echo "# \$ baseline_vision.py networks $(basename "$picture") $rounds"
all=$dir/all.txt
: > "$all"
for turn in $(seq "$turns"); do
    echo "# turn $turn"
    {
        "$program" face "$picture" "$rounds"
        "$program" search 50000 "$rounds"
        "$dir/env/bin/python" benches/baseline_vision.py "$dir/networks" "$picture" "$rounds"
    } | tee -a "$all"
done

echo "# best of all turns, and ratios"
awk '
    $1 != "#" && (!($1 in best) || $2 < best[$1]) { best[$1] = $2 }
    function least(a, b) { return best[a] < best[b] ? a : b }
    function ratio(what, ours, theirs, limit) {
        printf "%-58s %7.3f / %7.3f = %.2f  (at most %s)\n", what, best[ours], best[theirs], best[ours] / best[theirs], limit
    }
    END {
        opencv = least("opencv_published", "opencv_published_half")
        ort = least("ort_published", "ort_published_half")
        rewritten = least(least("ort_prelu", "ort_prelu_half"), least("ort_arith", "ort_arith_half"))
        ratio("detect+align+embed / OpenCV, " opencv, "whole", opencv, "1")
        ratio("detect+align+embed / onnxruntime, " ort, "whole", ort, "1")
        ratio("detect+align+embed / onnxruntime, " rewritten, "whole", rewritten, "1.4")
        ratio("search among 50,000 / numpy", "search", "numpy_search", "1.5")
    }
' "$all"
