/**
 * An input for phone numbers, without a framework: importing it defines
 * `<sealbook-phone>`. It formats while somebody types, has the list of regions
 * with the attribute `regions`, takes part in forms and submits E.164.
 *
 * ```html
 * <label>Phone <sealbook-phone name="phone" region="GB" regions required></sealbook-phone></label>
 * <script type="module">import "sealbook/element";</script>
 * ```
 *
 * Attributes: `name`, `value` (a number, as people write them), `region` (two
 * letters), `regions` (shows the list), `region-label` (its name, "Country" by
 * default), `required`, `disabled`, `placeholder`,
 * `aria-label` (by default the text of its label). Events: `input` and `change`.
 * Parts for styles: `input`, `region`.
 */

type Element_ = typeof globalThis extends { readonly HTMLElement: { readonly prototype: infer T } } ? T : object;
declare const Base: new () => Element_;

export class SealbookPhone extends Base {
  /** E.164 of a valid number, else "". Setting takes a number as people write them; the one that is there changes nothing. */
  value: string;
  /** What stands in the input. */
  text: string;
  /** Where numbers without "+" are read; two letters, or "". */
  region: string;
  /** The attribute; so are the next. */
  name: string;
  /** Whether it may not be empty. */
  required: boolean;
  /** Whether nothing can be entered. */
  disabled: boolean;
  /** Whether the list of regions is shown. */
  regions: boolean;
  /** What an empty input shows. */
  placeholder: string;
  /** Settles when the core is there; until then nothing is formatted. @throws {LoadError} */
  readonly ready: Promise<void>;
  /** What is wrong, in English words; "" for a valid number. */
  readonly validationMessage: string;
  /** Reports whether the number is valid, or empty where it may be. */
  checkValidity(): boolean;
  /** The same, and tells the person. */
  reportValidity(): boolean;
}
