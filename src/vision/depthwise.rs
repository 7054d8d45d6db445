//! Depthwise 3x3 convolution of stride one or two, with the activation that follows it.
//!
//! tract is slow at those of stride two and at narrow planes: a third of the embedder's time and
//! two thirds of a second look went there. Here each of the nine products reads one plane from one
//! offset on, all lengths equal, so that a whole plane is one loop over slices, which the compiler
//! turns into vector instructions. For stride two a plane is first sorted into its four phases
//! (even and odd rows, even and odd columns).

use crate::vision::ops::{self, PReluInPlace};
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat};
use tract_onnx::tract_core::ops::math::Max;
use tract_onnx::tract_core::ops::nn::DataFormat;

/// The sides of one plane before and after, in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Geometry {
    height: usize,
    width: usize,
    /// Zeros above and at the left.
    pad: (usize, usize),
    out_height: usize,
    out_width: usize,
    /// Whether the stride is two; else it is one.
    halved: bool,
}

/// The operator: nine weights, a bias and a slope below zero for each channel of an NCHW tensor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Depthwise {
    weights: Arc<Tensor>,
    bias: Arc<Tensor>,
    slopes: Option<Arc<Tensor>>,
    geometry: Geometry,
}

/// A padded plane, sorted for the nine products. The borders stay zero from one plane to the next.
struct Canvas {
    parts: [Vec<f32>; 4],
    width: usize,
}

impl Canvas {
    /// Large enough for every number of the plane and for everything that a product reads.
    fn new(geometry: &Geometry) -> Self {
        let (pad_y, pad_x) = geometry.pad;
        let (below, beside) = (pad_y + geometry.height, pad_x + geometry.width);
        if !geometry.halved {
            let width = (geometry.out_width + 2).max(beside);
            let height = (geometry.out_height + 2).max(below);
            let parts = [
                vec![0f32; width * height],
                Vec::new(),
                Vec::new(),
                Vec::new(),
            ];
            return Self { parts, width };
        }
        let width = (geometry.out_width + 1).max(beside / 2 + 1);
        let height = (geometry.out_height + 1).max(below / 2 + 1);
        let part = vec![0f32; width * height];
        Self {
            parts: [part.clone(), part.clone(), part.clone(), part],
            width,
        }
    }

    fn fill(&mut self, plane: &[f32], geometry: &Geometry) {
        let [even_even, even_odd, odd_even, odd_odd] = &mut self.parts;
        let (pad_y, pad_x) = geometry.pad;
        for (y, row) in (pad_y..).zip(plane.chunks_exact(geometry.width.max(1))) {
            if !geometry.halved {
                let start = y * self.width + pad_x;
                if let Some(to) = even_even.get_mut(start..start + row.len()) {
                    to.copy_from_slice(row);
                }
                continue;
            }
            let (even, odd) = if y % 2 == 0 {
                (&mut *even_even, &mut *even_odd)
            } else {
                (&mut *odd_even, &mut *odd_odd)
            };
            // The first number of a row falls on an even or an odd column of the padded plane.
            let start = y / 2 * self.width + pad_x / 2;
            let (first, second) = if pad_x % 2 == 0 {
                (even.get_mut(start..), odd.get_mut(start..))
            } else {
                (odd.get_mut(start..), even.get_mut(start + 1..))
            };
            deal(row, first.unwrap_or_default(), second.unwrap_or_default());
        }
    }

    /// What each of the nine products reads, row by row of the kernel.
    fn sources(&self, halved: bool) -> [&[f32]; 9] {
        let [ee, eo, oe, oo] = &self.parts;
        let w = self.width;
        let parts = if halved {
            [
                (ee, 0),
                (eo, 0),
                (ee, 1),
                (oe, 0),
                (oo, 0),
                (oe, 1),
                (ee, w),
                (eo, w),
                (ee, w + 1),
            ]
        } else {
            [
                (ee, 0),
                (ee, 1),
                (ee, 2),
                (ee, w),
                (ee, w + 1),
                (ee, w + 2),
                (ee, 2 * w),
                (ee, 2 * w + 1),
                (ee, 2 * w + 2),
            ]
        };
        parts.map(|(part, at)| part.get(at..).unwrap_or_default())
    }
}

/// Deals a row's numbers out in turn.
fn deal(row: &[f32], first: &mut [f32], second: &mut [f32]) {
    let pairs = row.chunks_exact(2);
    if let (Some(last), Some(place)) = (pairs.remainder().first(), first.get_mut(row.len() / 2)) {
        *place = *last;
    }
    for ((pair, a), b) in pairs.zip(first).zip(second) {
        if let [x, y] = pair {
            (*a, *b) = (*x, *y);
        }
    }
}

/// `out[i] = bias + sum of weights[k] * from[k][i]`, all slices cut to the length of `out`.
#[allow(
    clippy::indexing_slicing,
    reason = "all lengths are made equal first; only this form becomes vector instructions"
)]
#[inline(never)] // a call of its own keeps the knowledge that `out` overlaps nothing
fn weigh(from: &[&[f32]; 9], weights: &[f32; 9], bias: f32, out: &mut [f32]) {
    let n = out.len();
    let [a, b, c, d, e, f, g, h, i] = from.map(|s| &s[..n]);
    let [wa, wb, wc, wd, we, wf, wg, wh, wi] = *weights;
    for x in 0..n {
        let upper = wa * a[x] + wb * b[x] + wc * c[x];
        let middle = wd * d[x] + we * e[x] + wf * f[x];
        let lower = wg * g[x] + wh * h[x] + wi * i[x];
        out[x] = bias + upper + middle + lower;
    }
}

/// Copies the sums that count, through the activation if there is one.
fn finish(from: &[f32], slope: Option<f32>, to: &mut [f32]) {
    let Some(from) = from.get(..to.len()) else {
        return;
    };
    let Some(slope) = slope else {
        return to.copy_from_slice(from);
    };
    for (to, v) in to.iter_mut().zip(from) {
        *to = v.max(0.0) + slope * v.min(0.0);
    }
}

/// Per channel: nine weights, a bias and, with an activation, the slope below zero.
#[derive(Clone, Copy)]
struct Channels<'a> {
    weights: &'a [f32],
    bias: &'a [f32],
    slopes: Option<&'a [f32]>,
}

/// Convolves all planes of `input` into `out`; the channels repeat for each image.
fn convolve(input: &[f32], channels: Channels<'_>, geometry: &Geometry, out: &mut [f32]) {
    let plane = (geometry.height * geometry.width).max(1);
    let out_plane = (geometry.out_height * geometry.out_width).max(1);
    let mut canvas = Canvas::new(geometry);
    let width = canvas.width;
    let mut sums = vec![0f32; geometry.out_height.saturating_sub(1) * width + geometry.out_width];
    let weights = channels.weights.chunks_exact(9).cycle();
    let count = channels.bias.len().max(1);
    let planes = input
        .chunks_exact(plane)
        .zip(out.chunks_exact_mut(out_plane));
    for (n, ((plane, out), weights)) in planes.zip(weights).enumerate() {
        let (Ok(weights), Some(bias)) = (weights.try_into(), channels.bias.get(n % count)) else {
            continue;
        };
        canvas.fill(plane, geometry);
        weigh(&canvas.sources(geometry.halved), weights, *bias, &mut sums);
        let slope = channels.slopes.and_then(|s| s.get(n % count)).copied();
        // The sums of a row are followed by one or two of no meaning, where two rows meet.
        let rows = out.chunks_exact_mut(geometry.out_width.max(1));
        for (to, from) in rows.zip(sums.chunks(width)) {
            finish(from, slope, to);
        }
    }
}

impl Op for Depthwise {
    fn name(&self) -> StaticName {
        "Depthwise".into()
    }

    op_as_typed_op!();
}

impl EvalOp for Depthwise {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        ops::leave_wide_registers();
        let tensor = args_1!(inputs);
        let &[n, c, _, _] = tensor.shape() else {
            bail!("a depthwise convolution takes four dimensions");
        };
        let geometry = &self.geometry;
        let mut out = Tensor::zero::<f32>(&[n, c, geometry.out_height, geometry.out_width])?;
        let (weights, bias) = (
            self.weights.try_as_plain_ram()?,
            self.bias.try_as_plain_ram()?,
        );
        let slopes = self
            .slopes
            .as_ref()
            .map(|s| s.try_as_plain_ram())
            .transpose()?;
        let channels = Channels {
            weights: weights.as_slice::<f32>()?,
            bias: bias.as_slice::<f32>()?,
            slopes: slopes.as_ref().map(|s| s.as_slice::<f32>()).transpose()?,
        };
        let from = tensor.try_as_plain_ram()?;
        let mut to = out.try_as_plain_ram_mut()?;
        convolve(
            from.as_slice::<f32>()?,
            channels,
            geometry,
            to.as_slice_mut::<f32>()?,
        );
        Ok(tvec![out.into_tvalue()])
    }
}

impl TypedOp for Depthwise {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let fact = inputs.first().context("a convolution has an input")?;
        let Some(&[n, c, _, _]) = fact.shape.as_concrete() else {
            bail!("a depthwise convolution takes four known dimensions");
        };
        let geometry = &self.geometry;
        Ok(tvec![fact.datum_type.fact([
            n,
            c,
            geometry.out_height,
            geometry.out_width
        ])])
    }

    as_op!();
}

/// The operator in the place of a node, when it is such a convolution, and its input.
fn found_at(model: &TypedModel, node: &TypedNode) -> TractResult<Option<(OutletId, Depthwise)>> {
    let (Some(conv), [x, kernel, bias]) = (node.op_as::<Conv>(), node.inputs.as_slice()) else {
        return Ok(None);
    };
    let (fact, spec) = (model.outlet_fact(*x)?, &conv.pool_spec);
    let constant = |id: &OutletId| Ok::<_, TractError>(model.outlet_fact(*id)?.konst.clone());
    let (Some(weights), Some(bias)) = (constant(kernel)?, constant(bias)?) else {
        return Ok(None);
    };
    let Some(&[_, channels, height, width]) = fact.shape.as_concrete() else {
        return Ok(None);
    };
    let (float, strides) = (f32::datum_type(), spec.strides());
    let fits = fact.datum_type == float
        && conv.q_params.is_none()
        && conv.kernel_fmt == KernelFormat::OIHW
        && spec.data_format == DataFormat::NCHW
        && (conv.group, spec.input_channels, spec.output_channels)
            == (channels, channels, channels)
        && (strides.as_ref() == [2, 2] || strides.as_ref() == [1, 1])
        && spec.dilations().as_ref() == [1, 1]
        && weights.shape() == [channels, 1, 3, 3]
        && (weights.datum_type(), bias.datum_type()) == (float, float)
        && bias.shape() == [channels];
    let padding = spec.computed_padding(&[height, width]);
    let ([y, x_axis], true) = (padding.as_slice(), fits) else {
        return Ok(None);
    };
    let geometry = Geometry {
        height,
        width,
        pad: (y.pad_before, x_axis.pad_before),
        out_height: y.convoluted,
        out_width: x_axis.convoluted,
        halved: strides.as_ref() == [2, 2],
    };
    let op = Depthwise {
        weights,
        bias,
        slopes: None,
        geometry,
    };
    Ok(Some((*x, op)))
}

/// The slopes of the activation at a node, if it is one: PRelu's own, or zeros for max(x, 0).
fn slopes_at(model: &TypedModel, node: &TypedNode) -> TractResult<Option<Arc<Tensor>>> {
    if let Some(op) = node.op_as::<PReluInPlace>() {
        return Ok(Some(op.slopes()));
    }
    let is_max = node.op_as::<TypedBinOp>().is_some_and(|o| o.0.is::<Max>());
    let shape = model.outlet_fact(node.id.into())?.shape.clone();
    let Some(&[_, channels, _, _]) = shape.as_concrete().filter(|_| is_max) else {
        return Ok(None);
    };
    for input in &node.inputs {
        if let Some(constant) = model.outlet_fact(*input)?.konst.clone() {
            let zero = constant.datum_type() == f32::datum_type()
                && constant.try_as_plain_ram()?.as_slice::<f32>()? == [0.0];
            let slopes = Tensor::zero::<f32>(&[1, channels, 1, 1])?;
            return Ok(zero.then(|| Arc::new(slopes)));
        }
    }
    Ok(None)
}

/// Replaces what can be replaced in a decluttered graph, before it is optimised.
///
/// # Errors
/// tract's own, when a patch does not fit the graph.
pub(in crate::vision) fn fuse(mut model: TypedModel) -> TractResult<TypedModel> {
    let count = model.nodes().len();
    for id in 0..count {
        if let Some((x, op)) = found_at(&model, model.node(id))? {
            ops::replace(&mut model, id, x, op)?;
        }
    }
    model.compact()?;
    let count = model.nodes().len();
    for id in 0..count {
        let next = model.single_succ(id)?.map(|n| n.id);
        let (Some(next), Some(op)) = (next, model.node(id).op_as::<Depthwise>().cloned()) else {
            continue;
        };
        let (x, slopes) = (
            model.node(id).inputs.first().copied(),
            slopes_at(&model, model.node(next))?,
        );
        if let (Some(x), true) = (x, slopes.is_some()) {
            ops::replace(&mut model, next, x, Depthwise { slopes, ..op })?;
        }
    }
    model.compact()?;
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The convolution as it is defined.
    fn plain(input: &[f32], weights: &[f32], bias: f32, slope: f32, g: &Geometry) -> Vec<f32> {
        let step = if g.halved { 2 } else { 1 };
        let at = |y: usize, x: usize| {
            let (y, x) = (y.checked_sub(g.pad.0), x.checked_sub(g.pad.1));
            match (y, x) {
                (Some(y), Some(x)) if y < g.height && x < g.width => input[y * g.width + x],
                _ => 0.0,
            }
        };
        let mut out = Vec::new();
        for y in 0..g.out_height {
            for x in 0..g.out_width {
                let nine = (0..9).map(|k| weights[k] * at(step * y + k / 3, step * x + k % 3));
                let sum = bias + nine.sum::<f32>();
                out.push(if sum < 0.0 { slope * sum } else { sum });
            }
        }
        out
    }

    proptest! {
        #[test]
        fn it_is_the_plain_definition(
            height in 3usize..12,
            width in 3usize..12,
            halved in any::<bool>(),
            active in any::<bool>(),
            pad in (0usize..3, 0usize..3, 0usize..3, 0usize..3),
            numbers in proptest::collection::vec(-1f32..1.0, 3 * 144 + 33),
        ) {
            let step = if halved { 2 } else { 1 };
            let side = |length: usize, before: usize, after: usize| (length + before + after - 3) / step + 1;
            let geometry = Geometry {
                height,
                width,
                pad: (pad.0, pad.1),
                out_height: side(height, pad.0, pad.2),
                out_width: side(width, pad.1, pad.3),
                halved,
            };
            let (plane, out_plane) = (height * width, geometry.out_height * geometry.out_width);
            let (input, rest) = numbers.split_at(3 * plane);
            let (weights, bias, slopes) = (&rest[..27], &rest[27..30], &rest[30..33]);
            let channels = Channels { weights, bias, slopes: active.then_some(slopes) };
            let mut out = vec![0f32; 3 * out_plane];
            convolve(input, channels, &geometry, &mut out);
            for c in 0..3 {
                let part = &input[c * plane..(c + 1) * plane];
                let slope = if active { slopes[c] } else { 1.0 };
                let want = plain(part, &weights[9 * c..9 * c + 9], bias[c], slope, &geometry);
                for (got, want) in out[c * out_plane..(c + 1) * out_plane].iter().zip(want) {
                    prop_assert!((got - want).abs() < 1e-5);
                }
            }
        }
    }
}
