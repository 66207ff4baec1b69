import { demo } from "./demo.js";

export default {
  async fetch() {
    return Response.json(await demo({ pool: false }));
  },
};
