/**
 * The operators a model may use, by domain. Anything else is custom code or a training operator, which a
 * model that only predicts does not need. Image decoding is left out for its attack surface.
 */
export const allowedOperators: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    "",
    new Set(
      `Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization
       Bernoulli BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu
       CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger
       ConvTranspose Cos Cosh CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout
       DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements
       GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample
       GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If
       InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax
       Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean
       MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss
       NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow
       QLinearConv QLinearMatMul QuantizeLinear RNN RandomNormal RandomNormalLike RandomUniform
       RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean
       ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize ReverseSequence
       RMSNormalization RoiAlign Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt
       SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink
       Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split
       SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Tan Tanh
       TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor`.split(
        /\s+/,
      ),
    ),
  ],
  [
    "ai.onnx.ml",
    new Set(
      `ArrayFeatureExtractor Binarizer CastMap CategoryMapper DictVectorizer FeatureVectorizer Imputer
       LabelEncoder LinearClassifier LinearRegressor Normalizer OneHotEncoder SVMClassifier SVMRegressor
       Scaler TreeEnsemble TreeEnsembleClassifier TreeEnsembleRegressor ZipMap`.split(/\s+/),
    ),
  ],
]);

/** "ai.onnx" is the long name of the default domain. */
export function shortDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

/** Operators whose output can be far larger than their inputs, with the input that gives the size. */
export const sizeInputOf: ReadonlyMap<string, number> = new Map([
  ["ConstantOfShape", 0],
  ["Expand", 1],
  ["Tile", 1],
]);
