"use client";

import { useEffect } from "react";
import { action } from "./action.js";

export default function Page() {
  useEffect(() => {
    action().then((results) => console.log(`results ${JSON.stringify(results)}`), (error) => console.log(`results ${JSON.stringify({ page: String(error) })}`));
  }, []);
  return <main>a server action</main>;
}
