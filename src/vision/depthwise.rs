//! Depthwise 3x3 convolution of stride two, which tract computes ten times slower per number than
//! the one of stride one; the embedder has four of them and spent a quarter of its time there.
//!
//! A plane is sorted into its four phases (even and odd rows, even and odd columns). Each of the
//! nine products then reads one phase from one offset on, all lengths equal, so that a whole
//! plane is one loop over slices which the compiler turns into vector instructions.

use crate::vision::ops;
use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::cnn::{Conv, KernelFormat};
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
}

/// The operator: nine weights and a bias for each channel of an NCHW tensor.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct DepthwiseByTwo {
    weights: Arc<Tensor>,
    bias: Arc<Tensor>,
    geometry: Geometry,
}

/// The four phases of a padded plane; the borders stay zero from one plane to the next.
struct Phases {
    parts: [Vec<f32>; 4],
    width: usize,
}

impl Phases {
    /// Large enough for every number of the plane and for everything that a product reads.
    fn new(geometry: &Geometry) -> Self {
        let (pad_y, pad_x) = geometry.pad;
        let width = (geometry.out_width + 1).max((pad_x + geometry.width) / 2 + 1);
        let height = (geometry.out_height + 1).max((pad_y + geometry.height) / 2 + 1);
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

/// Convolves all planes of `input` into `out`; weights and biases repeat for each image.
fn convolve(input: &[f32], weights: &[f32], bias: &[f32], geometry: &Geometry, out: &mut [f32]) {
    let plane = (geometry.height * geometry.width).max(1);
    let out_plane = (geometry.out_height * geometry.out_width).max(1);
    let mut phases = Phases::new(geometry);
    let width = phases.width;
    let mut sums = vec![0f32; geometry.out_height.saturating_sub(1) * width + geometry.out_width];
    let channels = weights.chunks_exact(9).zip(bias.iter()).cycle();
    let planes = input
        .chunks_exact(plane)
        .zip(out.chunks_exact_mut(out_plane));
    for ((plane, out), (weights, bias)) in planes.zip(channels) {
        let Ok(weights) = <&[f32; 9]>::try_from(weights) else {
            continue;
        };
        phases.fill(plane, geometry);
        let [ee, eo, oe, oo] = &phases.parts;
        let from = [
            ee.as_slice(),
            eo.as_slice(),
            ee.get(1..).unwrap_or_default(),
            oe.as_slice(),
            oo.as_slice(),
            oe.get(1..).unwrap_or_default(),
            ee.get(width..).unwrap_or_default(),
            eo.get(width..).unwrap_or_default(),
            ee.get(width + 1..).unwrap_or_default(),
        ];
        weigh(&from, weights, *bias, &mut sums);
        // The sums of a row are followed by one of no meaning, where two rows meet.
        let rows = out.chunks_exact_mut(geometry.out_width.max(1));
        for (to, from) in rows.zip(sums.chunks(width)) {
            if let Some(from) = from.get(..geometry.out_width) {
                to.copy_from_slice(from);
            }
        }
    }
}

impl Op for DepthwiseByTwo {
    fn name(&self) -> StaticName {
        "DepthwiseByTwo".into()
    }

    op_as_typed_op!();
}

impl EvalOp for DepthwiseByTwo {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
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
        let from = tensor.try_as_plain_ram()?;
        let mut to = out.try_as_plain_ram_mut()?;
        convolve(
            from.as_slice::<f32>()?,
            weights.as_slice::<f32>()?,
            bias.as_slice::<f32>()?,
            geometry,
            to.as_slice_mut::<f32>()?,
        );
        Ok(tvec![out.into_tvalue()])
    }
}

impl TypedOp for DepthwiseByTwo {
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
fn found_at(
    model: &TypedModel,
    node: &TypedNode,
) -> TractResult<Option<(OutletId, DepthwiseByTwo)>> {
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
    let float = f32::datum_type();
    let fits = fact.datum_type == float
        && conv.q_params.is_none()
        && conv.kernel_fmt == KernelFormat::OIHW
        && spec.data_format == DataFormat::NCHW
        && (conv.group, spec.input_channels, spec.output_channels)
            == (channels, channels, channels)
        && spec.strides().as_ref() == [2, 2]
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
    };
    Ok(Some((
        *x,
        DepthwiseByTwo {
            weights,
            bias,
            geometry,
        },
    )))
}

/// Replaces what can be replaced in a decluttered graph, before it is optimised.
///
/// # Errors
/// tract's own, when a patch does not fit the graph.
pub(in crate::vision) fn fuse(mut model: TypedModel) -> TractResult<TypedModel> {
    let nodes: Vec<usize> = (0..model.nodes().len()).collect();
    for id in nodes {
        if let Some((x, op)) = found_at(&model, model.node(id))? {
            ops::replace(&mut model, id, x, op)?;
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
    fn plain(input: &[f32], weights: &[f32], bias: f32, g: &Geometry) -> Vec<f32> {
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
                let nine = (0..9).map(|k| weights[k] * at(2 * y + k / 3, 2 * x + k % 3));
                out.push(bias + nine.sum::<f32>());
            }
        }
        out
    }

    proptest! {
        #[test]
        fn it_is_the_plain_definition(
            height in 3usize..12,
            width in 3usize..12,
            pad in (0usize..3, 0usize..3, 0usize..3, 0usize..3),
            numbers in proptest::collection::vec(-1f32..1.0, 3 * 144 + 30),
        ) {
            let side = |length: usize, before: usize, after: usize| (length + before + after - 3) / 2 + 1;
            let geometry = Geometry {
                height,
                width,
                pad: (pad.0, pad.1),
                out_height: side(height, pad.0, pad.2),
                out_width: side(width, pad.1, pad.3),
            };
            let (plane, out_plane) = (height * width, geometry.out_height * geometry.out_width);
            let (input, rest) = numbers.split_at(3 * plane);
            let (weights, bias) = (&rest[..27], &rest[27..30]);
            let mut out = vec![0f32; 3 * out_plane];
            convolve(input, weights, bias, &geometry, &mut out);
            for c in 0..3 {
                let part = &input[c * plane..(c + 1) * plane];
                let want = plain(part, &weights[9 * c..9 * c + 9], bias[c], &geometry);
                for (got, want) in out[c * out_plane..(c + 1) * out_plane].iter().zip(want) {
                    prop_assert!((got - want).abs() < 1e-5);
                }
            }
        }
    }
}
