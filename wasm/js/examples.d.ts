/** Numbers of each region to show as examples, from libphonenumber's metadata. */

import type { NumberType, PhoneNumber, RegionLike, Sealbook } from "./index.js";

export type ExampleType = Exclude<NumberType, "UNKNOWN" | "FIXED_LINE_OR_MOBILE">;

/**
 * A valid number of a region and a type, null where there is none. It may be
 * somebody's: show it, do not call it.
 */
export function exampleNumber<G extends string>(sealbook: Sealbook, region: RegionLike<G>, type?: ExampleType): PhoneNumber | null;
