/** The shape of a feature map. Values are stored channel-major (CHW), each channel row by row. */
export interface FeatureMap {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** An image [height, width, channels], or a sequence [length, channels] as an image one column wide. */
export function featureMap(shape: readonly number[]): FeatureMap | undefined {
  if (shape.length === 3) return { height: shape[0]!, width: shape[1]!, channels: shape[2]! };
  if (shape.length === 2) return { height: shape[0]!, width: 1, channels: shape[1]! };
  return undefined;
}

/** A shape as a feature map; a vector is one channel. */
export const channelsOf = (shape: readonly number[]): FeatureMap =>
  featureMap(shape) ?? { height: shape.reduce((size, extent) => size * extent, 1), width: 1, channels: 1 };

/** A feature map's shape in the rank that `shape` has. */
export const shapeLike = (shape: readonly number[], { height, width, channels }: FeatureMap): readonly number[] =>
  shape.length === 3 ? [height, width, channels] : [height, channels];

/** Values of one channel. */
export const areaOf = ({ height, width }: Pick<FeatureMap, "height" | "width">): number => height * width;
