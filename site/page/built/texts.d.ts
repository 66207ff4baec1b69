/** The site's texts: by language, then by key. */
declare const texts: Record<import("../language.js").Language, Record<string, string>>;
export default texts;
