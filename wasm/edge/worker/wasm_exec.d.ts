// Go's own wasm_exec.js, which lies beside the built worker.

declare global {
  class Go {
    importObject: WebAssembly.Imports;
    exit: (code: number) => void;
    run(instance: WebAssembly.Instance): Promise<void>;
    /** Lets Go go on, where a time has come. */
    _resume(): void;
  }
}

export {};
