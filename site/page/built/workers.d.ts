/**
 * Path and source of each module that runs in workers, each after those that
 * it imports. Where one imports another stands "sealbook:PATH".
 */
declare const workers: [path: string, source: string][];
export default workers;
