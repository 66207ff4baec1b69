"use client";

import { useEffect } from "react";
import { demo } from "../demo.js";

export default function Page() {
  useEffect(() => {
    demo().then((results) => console.log(`results ${JSON.stringify(results)}`), (error) => console.log(`results ${JSON.stringify({ page: String(error) })}`));
  }, []);
  return <main>a client component</main>;
}
