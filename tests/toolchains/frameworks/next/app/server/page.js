import { demo } from "../../demo.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  const results = JSON.stringify(await demo());
  return <script type="application/json" id="results" dangerouslySetInnerHTML={{ __html: results }} />;
}
