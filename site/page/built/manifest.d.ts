/** The app's manifest, as site/icons/manifest.webmanifest has it. */
declare const manifest: { file_handlers: { action: string; accept: Record<string, string[]> }[] } & Record<string, unknown>;
export default manifest;
