import { demo } from "./demo.js";

demo().then((results) => console.log(`results ${JSON.stringify(results)}`), (error) => console.log(`results ${JSON.stringify({ page: String(error) })}`));
