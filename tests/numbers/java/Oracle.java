// Answers for libphonenumber itself, the Java edition: a line out for each line
// in, as ../java_test.go wants them. It is given the pinned metadata, so that
// the library's own, which is older where Debian packages it, does not matter.
//
// In the package of the library, because the constructor that takes metadata is
// not public.
package com.google.i18n.phonenumbers;

import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonemetadata.NumberFormat;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneMetadata;
import com.google.i18n.phonenumbers.Phonemetadata.PhoneNumberDesc;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import com.google.i18n.phonenumbers.metadata.source.MetadataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

public final class Oracle {
  private static final String UNIT = "\u001f"; // between fields
  private static final String ITEM = "\u001e"; // between items of a field

  private final Map<Integer, List<String>> codes = new HashMap<>();
  private final Map<String, PhoneMetadata> regions = new HashMap<>();
  private final Map<Integer, PhoneMetadata> worldly = new HashMap<>();
  private PhoneMetadata last;

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20);
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    Oracle oracle = new Oracle();
    for (String line; !(line = in.readLine()).isEmpty(); ) oracle.metadata(line.split(UNIT, -1));
    PhoneNumberUtil util = new PhoneNumberUtil(oracle.source(), oracle.codes);
    StringBuilder answers = new StringBuilder();
    for (String line; (line = in.readLine()) != null; ) {
      int tab = line.indexOf('\t');
      String text = new String(Base64.getDecoder().decode(line.substring(tab + 1)), StandardCharsets.UTF_8);
      answers.append(answer(util, text, line.substring(0, tab))).append('\n');
      if (answers.length() > 1 << 16) {
        out.print(answers);
        answers.setLength(0);
      }
    }
    out.print(answers);
    out.flush();
  }

  private static String answer(PhoneNumberUtil util, String text, String region) {
    PhoneNumber n;
    try {
      n = util.parse(text, region);
    } catch (NumberParseException e) {
      return e.getErrorType().name();
    } catch (StringIndexOutOfBoundsException e) {
      return "CRASH"; // "tel:" behind the context
    }
    String of = util.getRegionCodeForNumber(n);
    return String.join(
        UNIT,
        "",
        util.format(n, PhoneNumberFormat.E164),
        n.getExtension(),
        of == null ? "" : of,
        util.getNumberType(n).name(),
        String.valueOf(util.isValidNumber(n)),
        util.isPossibleNumberWithReason(n).name(),
        util.format(n, PhoneNumberFormat.INTERNATIONAL),
        util.format(n, PhoneNumberFormat.NATIONAL),
        util.format(n, PhoneNumberFormat.RFC3966));
  }

  private MetadataSource source() {
    return new MetadataSource() {
      @Override
      public PhoneMetadata getMetadataForRegion(String region) {
        return regions.get(region);
      }

      @Override
      public PhoneMetadata getMetadataForNonGeographicalRegion(int code) {
        return worldly.get(code);
      }
    };
  }

  /** Takes a line: a calling code, a region, or a description or format of the region before. */
  private void metadata(String[] f) {
    switch (f[0]) {
      case "code":
        codes.put(Integer.valueOf(f[1]), List.of(f[2].split(ITEM)));
        break;
      case "region":
        last = new PhoneMetadata();
        last.setId(f[1]).setCountryCode(Integer.parseInt(f[2])).setInternationalPrefix(f[3]);
        if (!f[4].isEmpty()) last.setNationalPrefix(f[4]);
        if (!f[5].isEmpty()) last.setPreferredExtnPrefix(f[5]);
        if (!f[6].isEmpty()) last.setNationalPrefixForParsing(f[6]);
        if (!f[7].isEmpty()) last.setNationalPrefixTransformRule(f[7]);
        if (!f[8].isEmpty()) last.setSameMobileAndFixedLinePattern(true);
        if (!f[9].isEmpty()) last.setLeadingDigits(f[9]);
        if (f[1].equals("001")) worldly.put(last.getCountryCode(), last);
        else regions.put(f[1], last);
        for (String kind : List.of("general", "fixed", "mobile", "tollFree", "premium", "shared", "personal", "voip", "pager", "uan", "voicemail")) {
          set(kind, new PhoneNumberDesc().addPossibleLength(-1));
        }
        break;
      case "desc":
        PhoneNumberDesc d = new PhoneNumberDesc().setNationalNumberPattern(f[2]);
        for (String n : items(f[3])) d.addPossibleLength(Integer.parseInt(n));
        for (String n : items(f[4])) d.addPossibleLengthLocalOnly(Integer.parseInt(n));
        set(f[1], d);
        break;
      case "format":
      case "international":
        NumberFormat format = new NumberFormat().setPattern(f[1]).setFormat(f[2]);
        for (String p : items(f[3])) format.addLeadingDigitsPattern(p);
        if (!f[4].isEmpty()) format.setNationalPrefixFormattingRule(f[4]);
        if (f[0].equals("format")) last.addNumberFormat(format);
        else last.addIntlNumberFormat(format);
        break;
      default:
        throw new IllegalArgumentException(f[0]);
    }
  }

  private static List<String> items(String field) {
    return field.isEmpty() ? new ArrayList<>() : List.of(field.split(ITEM));
  }

  private void set(String kind, PhoneNumberDesc d) {
    switch (kind) {
      case "general": last.setGeneralDesc(d); break;
      case "fixed": last.setFixedLine(d); break;
      case "mobile": last.setMobile(d); break;
      case "tollFree": last.setTollFree(d); break;
      case "premium": last.setPremiumRate(d); break;
      case "shared": last.setSharedCost(d); break;
      case "personal": last.setPersonalNumber(d); break;
      case "voip": last.setVoip(d); break;
      case "pager": last.setPager(d); break;
      case "uan": last.setUan(d); break;
      case "voicemail": last.setVoicemail(d); break;
      default: throw new IllegalArgumentException(kind);
    }
  }
}
