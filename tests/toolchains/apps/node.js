import { demo } from "./demo.js";

demo().then((results) => console.log(JSON.stringify(results)));
