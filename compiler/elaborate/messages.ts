import { defineDiagnostics, say } from "#grammar/diagnostic.js";

const unknown = (why: string) => ({ severity: "error", message: say`there is no ${"kind"} \`${"name"}\``, why }) as const;

/** Everything that can be wrong with the meaning of a file whose text is in order. */
export const problem = defineDiagnostics({
  "unknown-quantizer": unknown("A weight format is one of the catalogue's quantizers; `bnmc formats` lists them."),
  "unknown-activation": unknown("`activations:` says how many bits the values have that a layer reads: `4bit`."),
  "unknown-layer": unknown("A stage of a model is a layer of the catalogue or a block declared in the file or imported with `use`."),
  "unknown-norm": unknown("A norm says how a layer's input is normalized while training."),
  "unknown-source": unknown("The first step of `samples:` is a source: where the data comes from."),
  "unknown-transform": unknown("The later steps of `samples:` are transforms, applied to every sample once."),
  "unknown-augmentation": unknown("The steps of `augment:` are random variations that training makes of each sample in every epoch."),
  "unknown-optimizer": unknown("`optimizer:` names the optimizer, such as `adam` or `sgd`."),
  "unknown-schedule": unknown("`rate:` names a learning rate schedule: a call such as `cosine(from: 0.001, to: 0)`."),
  "unknown-clip": unknown("`clip:` names the rule that finds each layer's clipping scalar."),
  "unknown-progression": unknown("`quantize:` names when weights take the format that ships: a call such as `later(after: 15 epochs)`."),
  "unknown-pruning": unknown(
    "`prune:` names a rule of structured pruning, by which layers begin with more neurons than ship: `masked(surplus: 50%, until: 10 epochs)`.",
  ),
  "unknown-claim": unknown("`require` and `expect` hold a model to something bnmc can compute or measure."),
  "unknown-value": unknown(
    "A layer reads the value before it and those that its arguments name: values further up in the same model, by their `as` names.",
  ),
  "unknown-model": unknown("`train` and `deploy` act on a model declared in the file or imported with `use`."),
  "unknown-dataset": unknown("`train … on` takes a dataset declared in the file or imported with `use`."),
  "unknown-target": unknown("A target is a chip that bnmc has a description of; `bnmc targets` lists them."),
  "unknown-import": {
    severity: "error",
    message: say`${"path"} declares nothing named \`${"name"}\``,
    why: "`use` takes names that the other file declares: params, blocks, datasets or models.",
  },
  "unreadable-import": {
    severity: "error",
    message: say`cannot read ${"path"}`,
    why: "The path after `from` is relative to the file that says `use`.",
  },
  "unknown-setting": {
    severity: "error",
    message: say`${"place"} has no setting \`${"name"}\``,
    why: "A setting in a model or block must be one that some layer reads; the settings of `train`, `dataset` and `deploy` are fixed.",
  },
  "unknown-param": {
    severity: "error",
    message: say`there is no param or setting \`${"name"}\` to set`,
    why: "`--set` gives a value to a `param` that the model's files declare, or to a setting of `train` or of the model.",
  },
  "idle-override": {
    severity: "error",
    message: say`setting \`${"name"}\` changes nothing`,
    why: "What `--set` gives stands where the model's own settings do: an argument, and a block or repeat around a layer, are nearer and win.",
  },
  "idle-setting": {
    severity: "error",
    message: say`\`${"name"}\` changes nothing without \`${"other"}\``,
    why: "Some settings say more of what another one begins: `trust` and `temperature` are about `teachers`.",
  },
  "unknown-unit": {
    severity: "error",
    message: say`there is no unit \`${"unit"}\``,
    why: "Units come from a closed list, so that a misspelt one is never taken for something else.",
  },
  "duplicate-declaration": {
    severity: "error",
    message: say`\`${"name"}\` is declared twice`,
    why: "Params, blocks, datasets and models of a file share one set of names.",
  },
  "duplicate-setting": {
    severity: "error",
    message: say`\`${"name"}\` is set twice`,
    why: "One scope gives a setting one value; an inner scope or an argument may override it.",
  },
  "duplicate-name": {
    severity: "error",
    message: say`two layers are named \`${"name"}\``,
    why: "A layer's name is its `as` name, else its operation and count; weights files and emitted functions carry it.",
  },
  "duplicate-argument": {
    severity: "error",
    message: say`\`${"name"}\` is given twice to ${"callee"}`,
    why: "An argument may be given by place or by name, once.",
  },
  "unknown-argument": {
    severity: "error",
    message: say`${"callee"} has no argument \`${"name"}\``,
    why: "Named arguments must be ones that the entry declares.",
  },
  "too-many-arguments": {
    severity: "error",
    message: say`${"callee"} takes ${"limit"}, not ${"found"}`,
    why: "Arguments without a name are taken in the order in which the entry declares them.",
  },
  "missing-argument": {
    severity: "error",
    message: say`${"callee"} needs \`${"name"}\``,
    why: "An argument without a default must be given, or set in a scope around when it is one that layers inherit.",
  },
  "wrong-value": {
    severity: "error",
    message: say`\`${"name"}\` must be ${"expected"}, not ${"found"}`,
    why: "Every argument and setting declares what it takes, with its unit and limits.",
  },
  "not-a-number": {
    severity: "error",
    message: say`\`${"operator"}\` needs numbers, not ${"found"}`,
    why: "Arithmetic is done when the file is read, on numbers and params that are numbers.",
  },
  "mixed-units": {
    severity: "error",
    message: say`cannot compute ${"left"} ${"operator"} ${"right"}`,
    why: "Sums are of one dimension; a product or quotient may have a dimension on one side only.",
  },
  "division-by-zero": {
    severity: "error",
    message: say`division by zero`,
    why: "Arithmetic is done when the file is read.",
  },
  "recursive-param": {
    severity: "error",
    message: say`the value of \`${"name"}\` depends on itself`,
    why: "Params are computed from each other, in any order, but not in a circle.",
  },
  "recursive-block": {
    severity: "error",
    message: say`block \`${"name"}\` contains itself`,
    why: "Blocks are expanded in place, so a block that contains itself would never end.",
  },
  "too-many-steps": {
    severity: "error",
    message: say`\`${"name"}\` lies behind more than ${"limit"} other names`,
    why: "Params are computed from params, and blocks are made of blocks, but nobody follows hundreds of them; the limit keeps the compiler's own stack within bounds.",
  },
  "bad-repeat": {
    severity: "error",
    message: say`\`repeat\` needs ${"expected"}, not ${"found"}`,
    why: "`repeat 3 { … }` runs a count; `repeat width in [96, 64] { … }` runs through a list.",
  },
  "too-many-layers": {
    severity: "error",
    message: say`${"model"} has more than ${"limit"} layers`,
    why: "Blocks and repeats are expanded in place; so many layers are a mistake in a count.",
  },
  "missing-input": {
    severity: "error",
    message: say`${"model"} does not say what its input is`,
    why: "A model starts with its input's type; the shapes of all layers follow from it.",
  },
  "misplaced-input": {
    severity: "error",
    message: say`\`input\` may only start a model`,
    why: "A network has one input, at the beginning of the pipeline of `model`.",
  },
  "unknown-element": {
    severity: "error",
    message: say`there is no element type \`${"name"}\``,
    why:
      "Inputs are signed bytes or less: `i8`, or `u4` for values from 0 to 15. Of `u8` take `u7`, to which one scale for all halves the bytes " +
      "of pictures: firmware gives `byte >> 1`. Accumulators are 32 bits wide.",
  },
  "bad-shape": {
    severity: "error",
    message: say`a dimension of a shape must be a whole number from 1 to ${"most"}, not ${"found"}`,
    why: "A shape lists the size of each dimension: [height, width, channels] for an image.",
  },
  "shape-mismatch": {
    severity: "error",
    message: say`${"layer"} needs ${"expected"}, but its input is ${"found"}`,
    why: "Every arrow carries a tensor of one type; a layer takes only some types.",
  },
  "unread-type": {
    severity: "error",
    message: say`\`${"layer"}\` gives ${"gives"}, but ${"read"}`,
    why: "What a layer makes of sums is what the next layer with weights reads, as its `activations`, `range` and `norm` say; some layers make only one kind of it.",
  },
  "mixed-scales": {
    severity: "error",
    message: say`\`${"layer"}\` adds \`${"one"}\` and \`${"other"}\`, which have different scales`,
    why: "Where values are requantized, by `relu` or by a norm, the scale depends on the sample. Sums before and after it cannot be added; between sums of one scale stand only layers with `norm: none`.",
  },
  "bias-without-range": {
    severity: "error",
    message: say`\`${"layer"}\` has a bias, but the range of its input is the sample's`,
    why: "A bias is a constant in units of sums. Where each sample picks the scale of its values, that unit differs from sample to sample.",
  },
  "no-answer": {
    severity: "error",
    message: say`${"model"} ends with ${"found"}, which gives no class`,
    why: "The class is the argmax of the logits: the last layer must give a vector of at least two i32 sums.",
  },
  "wrong-values": {
    severity: "error",
    message: say`\`${"step"}\` changes ${"needed"}, but \`${"from"}\` gives ${"found"}`,
    why: "Images are bytes from 0 to 255, and the steps that scale or deform them compute with bytes, as image libraries do. Numbers of tables and of arrays of floats are fractions.",
  },
  "after-quantization": {
    severity: "error",
    message: say`\`${"step"}\` follows \`${"last"}\`, which makes the integers that the model reads`,
    why: "The last conversion maps values to the few integers of the model's input. Steps that change values stand before it; those that pick samples, such as `split`, may stand anywhere.",
  },
  "lost-strength": {
    severity: "warning",
    message: say`\`${"model"}\` reads one feature and cannot see its strength: ${"cause"}`,
    why: "Scaled by its own largest value, a sample keeps its form alone: of a single value, the sign. And a network without biases, whose ranges are the sample's, gives a sample and its double the same class.",
  },
  "data-mismatch": {
    severity: "error",
    message: say`${"dataset"} gives samples of ${"given"}, but ${"model"} reads ${"needed"}`,
    why: "Samples are fed as the last transform of `samples:` leaves them: their shape must be that of `input`.",
  },
  "class-mismatch": {
    severity: "error",
    message: say`${"dataset"} has ${"given"} classes, but ${"model"} ends with ${"needed"} outputs`,
    why: "The last layer has one logit for each class.",
  },
  "unknown-class": {
    severity: "error",
    message: say`${"dataset"} has no class "${"name"}"`,
    why: "A claim about one class names it as the dataset does.",
  },
  "wrong-claim-mode": {
    severity: "error",
    message: say`${"subject"} is ${"nature"}: say \`${"mode"}\``,
    why: "`require` is decided before training from the model alone; `expect` is measured afterwards.",
  },
  "misplaced-claim": {
    severity: "error",
    message: say`${"subject"} cannot be claimed in \`${"place"}\``,
    why: "What a chip needs is claimed in `deploy`; what training reaches is claimed in `train`.",
  },
  "claim-not-met": {
    severity: "error",
    message: say`${"model"} has ${"value"} ${"subject"}; the claim is ${"comparison"} ${"bound"}`,
    why: "A `require` is decided before training, so that no time is lost on a model that does not fit.",
  },
});
