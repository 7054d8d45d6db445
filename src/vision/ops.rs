//! The arithmetic that is worth writing by hand: two operators that tract runs slowly, and the
//! product of a gallery with a probe.
//!
//! tract expands PRelu into three element-wise passes and pools through a generic kernel; together
//! that was half of SFace's time. Both replacements are put into the typed graph by [`fuse`],
//! called from [`crate::vision::model`] alone. The loops are safe code; the one unsafe call
//! is [`leave_wide_registers`].

use tract_onnx::prelude::*;
use tract_onnx::tract_core::internal::*;
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::cnn::MaxPool;
use tract_onnx::tract_core::ops::logic::Iff;
use tract_onnx::tract_core::ops::math::Mul;

/// Replaces what can be replaced in a decluttered graph, before it is optimised.
///
/// # Errors
/// tract's own, when a patch does not fit the graph.
pub(in crate::vision) fn fuse(model: TypedModel) -> TractResult<TypedModel> {
    fuse_pools(fuse_prelus(model)?)
}

/// Tells an x86 processor that the upper halves of its wide registers are free. tract's matrix
/// kernels leave them in use, and every narrower instruction after that waits for them: our own
/// loops took four times as long (`docs/performance.md`). To be called after a network has run,
/// and by each of our operators. Does nothing on other processors.
pub(in crate::vision) fn leave_wide_registers() {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx") {
        // SAFETY: the processor has AVX, as was asked just now; the instruction changes no value
        // that compiled code keeps, because the compiler knows it as a function of its own.
        #[allow(unsafe_code, reason = "there is no safe form of this one instruction")]
        unsafe {
            std::arch::x86_64::_mm256_zeroupper();
        }
    }
}

/// PRelu with a slope per channel, in place: x where x > 0, else slope * x.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::vision) struct PReluInPlace {
    slopes: Arc<Tensor>,
}

impl PReluInPlace {
    /// One slope a channel, as 1 x channels x 1 x 1.
    pub(in crate::vision) fn slopes(&self) -> Arc<Tensor> {
        Arc::clone(&self.slopes)
    }
}

/// Applies the slopes to planes of `plane` numbers each, the slopes repeated per image.
fn prelu(data: &mut [f32], slopes: &[f32], plane: usize) {
    for (channel, slope) in data
        .chunks_exact_mut(plane.max(1))
        .zip(slopes.iter().cycle())
    {
        for v in channel {
            *v = v.max(0.0) + slope * v.min(0.0);
        }
    }
}

impl Op for PReluInPlace {
    fn name(&self) -> StaticName {
        "PReluInPlace".into()
    }

    op_as_typed_op!();
}

impl EvalOp for PReluInPlace {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        leave_wide_registers();
        let mut tensor = args_1!(inputs).into_tensor(); // copies only when the value is shared
        let plane = tensor.shape().iter().skip(2).product();
        let slopes = self.slopes.try_as_plain_ram()?;
        let mut data = tensor.try_as_plain_ram_mut()?;
        prelu(
            data.as_slice_mut::<f32>()?,
            slopes.as_slice::<f32>()?,
            plane,
        );
        Ok(tvec![tensor.into_tvalue()])
    }
}

impl TypedOp for PReluInPlace {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let fact = inputs.first().context("PRelu has one input")?;
        Ok(tvec![fact.without_value()])
    }

    as_op!();
}

/// Finds where(x > 0, x, slope * x), which is what tract makes of ONNX PRelu.
fn prelu_at(model: &TypedModel, node: &TypedNode) -> TractResult<Option<(OutletId, Arc<Tensor>)>> {
    let [_, scaled, x] = node.inputs.as_slice() else {
        return Ok(None);
    };
    let mul = model.node(scaled.node);
    let is_mul = mul.op_as::<TypedBinOp>().is_some_and(|o| o.0.is::<Mul>());
    let [factor, slope] = mul.inputs.as_slice() else {
        return Ok(None);
    };
    if !is_mul || factor != x {
        return Ok(None);
    }
    let fact = model.outlet_fact(*x)?;
    let (Some(slopes), Some(shape)) = (
        model.outlet_fact(*slope)?.konst.clone(),
        fact.shape.as_concrete(),
    ) else {
        return Ok(None);
    };
    let fits = matches!((shape, slopes.shape()), ([_, c, _, _], [1, s, 1, 1]) if c == s);
    let plain = fact.datum_type == f32::datum_type() && slopes.datum_type() == f32::datum_type();
    Ok((fits && plain).then_some((*x, slopes)))
}

fn fuse_prelus(mut model: TypedModel) -> TractResult<TypedModel> {
    let nodes: Vec<usize> = model
        .nodes()
        .iter()
        .filter(|n| n.op_is::<Iff>())
        .map(|n| n.id)
        .collect();
    for id in nodes {
        if let Some((x, slopes)) = prelu_at(&model, model.node(id))? {
            replace(&mut model, id, x, PReluInPlace { slopes })?;
        }
    }
    model.compact()?;
    Ok(model)
}

/// Puts an operator of one input in the place of a node.
///
/// # Errors
/// tract's own, when the operator does not fit the graph.
pub(in crate::vision) fn replace(
    model: &mut TypedModel,
    id: usize,
    x: OutletId,
    op: impl TypedOp,
) -> TractResult<()> {
    let mut patch = TypedModelPatch::default();
    let tap = patch.tap_model(model, x)?;
    let wires = patch.wire_node(model.node(id).name.clone(), op, &[tap])?;
    let wire = wires.first().context("an operator has one output")?;
    patch.shunt_outside(model, id.into(), *wire)?;
    patch.apply(model)
}

/// Maximum of each 2x2 block of an NCHW tensor with even sides.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct MaxPool2x2;

/// `width` is that of the input; the output has a quarter of its numbers.
fn max_pool(input: &[f32], width: usize, output: &mut [f32]) {
    let larger = |a: f32, b: f32| if a > b { a } else { b };
    let blocks = input.chunks_exact((2 * width).max(1));
    for (rows, out) in blocks.zip(output.chunks_exact_mut((width / 2).max(1))) {
        let (upper, lower) = rows.split_at(width);
        let pairs = upper.chunks_exact(2).zip(lower.chunks_exact(2));
        for (pair, v) in pairs.zip(out) {
            if let ([a, b], [c, d]) = pair {
                *v = larger(larger(*a, *b), larger(*c, *d));
            }
        }
    }
}

impl Op for MaxPool2x2 {
    fn name(&self) -> StaticName {
        "MaxPool2x2".into()
    }

    op_as_typed_op!();
}

impl EvalOp for MaxPool2x2 {
    op_out_of_plan!();

    fn eval(&self, _: &EvalContext, inputs: TVec<TValue>) -> TractResult<TVec<TValue>> {
        leave_wide_registers();
        let tensor = args_1!(inputs);
        let &[n, c, height, width] = tensor.shape() else {
            bail!("MaxPool2x2 takes four dimensions");
        };
        let mut out = Tensor::zero::<f32>(&[n, c, height / 2, width / 2])?;
        let from = tensor.try_as_plain_ram()?;
        let mut to = out.try_as_plain_ram_mut()?;
        max_pool(from.as_slice::<f32>()?, width, to.as_slice_mut::<f32>()?);
        Ok(tvec![out.into_tvalue()])
    }
}

impl TypedOp for MaxPool2x2 {
    fn output_facts(&self, inputs: &[&TypedFact]) -> TractResult<TVec<TypedFact>> {
        let fact = inputs.first().context("MaxPool2x2 has one input")?;
        let Some(&[n, c, height, width]) = fact.shape.as_concrete() else {
            bail!("MaxPool2x2 takes four known dimensions");
        };
        Ok(tvec![fact.datum_type.fact([n, c, height / 2, width / 2])])
    }

    as_op!();
}

fn is_plain_pool(model: &TypedModel, node: &TypedNode) -> TractResult<bool> {
    let (Some(pool), Some(x)) = (node.op_as::<MaxPool>(), node.inputs.first()) else {
        return Ok(false);
    };
    let by_two = pool.pool_spec.kernel_shape.as_slice() == [2, 2]
        && pool.pool_spec.strides.as_deref() == Some(&[2, 2]);
    let (from, to) = (model.outlet_fact(*x)?, model.outlet_fact(node.id.into())?);
    // The output's shape tells that there is no padding.
    let halved = match (from.shape.as_concrete(), to.shape.as_concrete()) {
        (Some(&[n, c, h, w]), Some(to)) => h % 2 == 0 && w % 2 == 0 && to == [n, c, h / 2, w / 2],
        _ => false,
    };
    let plain = pool.with_index_outputs.is_none() && from.datum_type == f32::datum_type();
    Ok(by_two && halved && plain)
}

fn fuse_pools(mut model: TypedModel) -> TractResult<TypedModel> {
    let nodes: Vec<usize> = (0..model.nodes().len()).collect();
    for id in nodes {
        let x = model.node(id).inputs.first().copied();
        if let (Some(x), true) = (x, is_plain_pool(&model, model.node(id))?) {
            replace(&mut model, id, x, MaxPool2x2)?;
        }
    }
    model.compact()?;
    Ok(model)
}

/// How many partial sums a row product keeps: enough for the compiler to use whole vector
/// registers without being allowed to reorder additions.
const LANES: usize = 16;

/// The products of each row with the probe: `products[i] = rows[i] . probe`. Rows are as long as
/// the probe, a multiple of 16; surplus places of `products` stay as they are.
pub fn row_products(rows: &[f32], probe: &[f32], products: &mut [f32]) {
    for (row, product) in rows.chunks_exact(probe.len().max(1)).zip(products) {
        let mut sums = [0f32; LANES];
        for (a, b) in row.chunks_exact(LANES).zip(probe.chunks_exact(LANES)) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += a * b;
            }
        }
        *product = sums.iter().sum();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn prelu_is_the_plain_definition(
            planes in proptest::collection::vec(proptest::collection::vec(-9f32..9.0, 6), 1..12),
            slopes in proptest::collection::vec(-2f32..2.0, 1..4),
        ) {
            let mut data: Vec<f32> = planes.concat();
            prelu(&mut data, &slopes, 6);
            for (i, plane) in planes.iter().enumerate() {
                for (j, x) in plane.iter().enumerate() {
                    let want = if *x > 0.0 { *x } else { slopes[i % slopes.len()] * x };
                    prop_assert_eq!(data[i * 6 + j], want);
                }
            }
        }

        #[test]
        fn pooling_is_the_plain_definition(height in 1usize..5, width in 1usize..5, seed in any::<u32>()) {
            let (height, width) = (2 * height, 2 * width);
            let value = |i: usize| (seed.wrapping_mul(2_654_435_761).wrapping_add(i as u32 * 40_503) % 1000) as f32;
            let input: Vec<f32> = (0..height * width).map(value).collect();
            let mut output = vec![0.0; height * width / 4];
            max_pool(&input, width, &mut output);
            for y in 0..height / 2 {
                for x in 0..width / 2 {
                    let at = |dy: usize, dx: usize| input[(2 * y + dy) * width + 2 * x + dx];
                    let want = at(0, 0).max(at(0, 1)).max(at(1, 0)).max(at(1, 1));
                    prop_assert_eq!(output[y * width / 2 + x], want);
                }
            }
        }

        #[test]
        fn row_products_are_dot_products(rows in proptest::collection::vec(-1f32..1.0, 32 * 5), probe in proptest::collection::vec(-1f32..1.0, 32)) {
            let mut products = [0f32; 5];
            row_products(&rows, &probe, &mut products);
            for (row, got) in rows.chunks(32).zip(products) {
                let want: f64 = row.iter().zip(&probe).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
                prop_assert!((f64::from(got) - want).abs() < 1e-4);
            }
        }
    }
}
