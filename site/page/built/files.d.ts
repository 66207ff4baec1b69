/** What the site is made of; sha256 in hexadecimal, size in bytes. */
declare const files: { path: string; size: number; sha256: string }[];
export default files;
