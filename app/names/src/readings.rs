#[cfg(feature = "index")]
use crate::query::is_letter;
use std::collections::{BTreeMap, BTreeSet};

/// The pinyin readings of characters: lower case, without tones, ü as both v and u.
pub struct Readings {
    /// For each unit the index of its spelling plus one; zero if it has none.
    of: Vec<u16>,
    /// For each unit the initials of its readings as a bit set.
    initials: Vec<u32>,
    spellings: Vec<Spelling>,
    syllables: Vec<Box<[u8]>>,
    /// For each unit the code of its reading if it has exactly one; otherwise zero.
    #[cfg(feature = "index")]
    only: Vec<u16>,
    /// For each pair of letters the half-open range of the syllables that begin with it.
    #[cfg(feature = "index")]
    pairs: Vec<(u16, u16)>,
}

/// The readings of a character.
#[derive(Debug, Default)]
pub(crate) struct Spelling {
    /// Bit set of initials; bit 0 is `a`.
    pub(crate) initials: u32,
    /// Codes of the syllables of at least two letters, the common reading first. A syllable of one letter equals its initial.
    pub(crate) syllables: Box<[u16]>,
    /// Codes of all syllables, the common reading first.
    pub(crate) all: Box<[u16]>,
}

impl Readings {
    /// From characters with their syllables, the common one first. Syllables that are not lower-case ASCII are ignored.
    pub fn new<'a>(characters: impl IntoIterator<Item = (char, Vec<&'a str>)>) -> Self {
        let plain = |syllable: &&str| !syllable.is_empty() && syllable.bytes().all(|b| b.is_ascii_lowercase());
        let characters: Vec<(u16, Vec<&str>)> = characters
            .into_iter()
            .filter_map(|(c, all)| {
                let all: Vec<&str> = all.into_iter().filter(plain).collect();
                (!all.is_empty()).then_some((u16::try_from(u32::from(c)).ok()?, all))
            })
            .collect();
        let known: BTreeSet<&str> = characters.iter().flat_map(|(_, all)| all.iter().copied()).collect();
        let syllables: Vec<Box<[u8]>> = known.iter().map(|s| s.as_bytes().into()).collect();
        let code = |syllable: &str| syllables.partition_point(|s| s.as_ref() < syllable.as_bytes()) as u16 + 1;
        let (mut of, mut places) = (vec![0; 1 << 16], BTreeMap::new());
        let mut spellings: Vec<Spelling> = Vec::new();
        for (unit, all) in characters {
            let mut codes: Vec<u16> = Vec::new();
            for syllable in all {
                let code = code(syllable);
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            let place = *places.entry(codes).or_insert_with_key(|codes| {
                let letters = |code: &u16| syllables.get(usize::from(*code) - 1).map_or(&[][..], |s| s);
                spellings.push(Spelling {
                    initials: codes.iter().filter_map(|c| letters(c).first()).fold(0, |all, l| all | 1 << (l - b'a')),
                    syllables: codes.iter().copied().filter(|c| letters(c).len() > 1).collect(),
                    all: codes.as_slice().into(),
                });
                spellings.len() as u16
            });
            if let Some(slot) = of.get_mut(usize::from(unit)) {
                *slot = place;
            }
        }
        let spelling = |place: &u16| usize::from(*place).checked_sub(1).and_then(|at| spellings.get(at));
        let initials = of.iter().map(|place| spelling(place).map_or(0, |s| s.initials)).collect();
        #[cfg(feature = "index")]
        let only = of.iter().map(|place| match spelling(place).map(|s| &*s.all) {
            Some([only]) => *only,
            _ => 0,
        });
        #[cfg(feature = "index")]
        let only = only.collect();
        #[cfg(feature = "index")]
        let pairs = pairs(&syllables);
        Self {
            of,
            initials,
            spellings,
            syllables,
            #[cfg(feature = "index")]
            only,
            #[cfg(feature = "index")]
            pairs,
        }
    }

    /// From the `pinyin` table: all readings of every character, without `OBSOLETE` ones, and with those of `PLACES`.
    #[cfg(feature = "index")]
    pub fn chinese() -> Self {
        use pinyin::ToPinyinMulti;
        let mut all: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for c in (0x3400..=0xffff_u32).filter_map(char::from_u32) {
            for reading in c.to_pinyin_multi().into_iter().flatten() {
                let readings = all.entry(c).or_default();
                let plain = reading.plain();
                if plain.contains('ü') {
                    readings.extend(["v", "u"].map(|u| plain.replace('ü', u)));
                } else {
                    readings.push(plain.to_owned());
                }
            }
        }
        for (c, left_out) in OBSOLETE.split_whitespace().filter_map(|entry| {
            let mut parts = entry.chars();
            Some((parts.next()?, parts.as_str()))
        }) {
            if let Some(readings) = all.get_mut(&c) {
                readings.retain(|reading| !left_out.split(',').any(|other| other == reading));
            }
        }
        for (c, reading) in PLACES {
            let readings = all.entry(*c).or_default();
            if !readings.iter().any(|known| known == reading) {
                readings.push((*reading).to_owned());
            }
        }
        Self::new(all.iter().map(|(c, readings)| (*c, readings.iter().map(String::as_str).collect())))
    }

    /// The readings of a character, the common one first.
    pub fn of(&self, c: char) -> Vec<&str> {
        let spelling = u16::try_from(u32::from(c)).ok().and_then(|unit| self.spelling(unit));
        let codes = spelling.map_or(&[][..], |spelling| &spelling.all);
        codes.iter().filter_map(|code| std::str::from_utf8(self.letters(*code)).ok()).collect()
    }
    pub(crate) fn spelling(&self, unit: u16) -> Option<&Spelling> {
        let place = *self.of.get(usize::from(unit))?;
        self.spellings.get(usize::from(place).checked_sub(1)?)
    }
    /// Whether one of the readings of a unit has a code in a range.
    #[cfg(feature = "index")]
    pub(crate) fn is_one_of(&self, unit: u16, codes: std::ops::Range<u16>) -> bool {
        match self.only.get(usize::from(unit)) {
            None | Some(0) => {
                self.spelling(unit).is_some_and(|spelling| spelling.all.iter().any(|code| codes.contains(code)))
            }
            Some(only) => codes.contains(only),
        }
    }
    /// Whether one of the readings of a unit begins with a letter.
    pub(crate) fn begins(&self, unit: u16, letter: u16) -> bool {
        self.initials.get(usize::from(unit)).is_some_and(|all| all >> (letter - u16::from(b'a')) & 1 == 1)
    }
    /// The letters of a syllable.
    pub(crate) fn letters(&self, code: u16) -> &[u8] {
        usize::from(code).checked_sub(1).and_then(|place| self.syllables.get(place)).map_or(&[], |s| s)
    }
    /// The syllables that are prefixes of a text, or of which it is a prefix.
    #[cfg(feature = "index")]
    pub(crate) fn begun(&self, rest: &[u16]) -> Begun {
        let mut begun = Begun::default();
        let letter = |at: usize| rest.get(at).filter(|unit| is_letter(**unit)).map(|unit| unit - u16::from(b'a'));
        let (Some(first), Some(second)) = (letter(0), letter(1)) else { return begun };
        let (from, to) = self.pairs.get(usize::from(first * 26 + second)).copied().unwrap_or_default();
        let few = self.syllables.get(usize::from(from)..usize::from(to)).unwrap_or_default();
        for (code, syllable) in (from + 1..).zip(few) {
            let alike = syllable.iter().zip(rest).take_while(|(a, b)| u16::from(**a) == **b).count();
            for part in begun.0.iter_mut().take(alike - 1) {
                if part.from == part.to {
                    *part = Part { from: code, to: code, whole: false };
                }
                part.to = code + 1;
            }
            if let Some(part) = begun.0.get_mut(alike - 2).filter(|_| alike == syllable.len()) {
                part.whole = true;
            }
        }
        begun
    }
}

/// For each length from two letters: the syllables that begin with so many letters of a text.
#[cfg(feature = "index")]
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Begun(pub(crate) [Part; 5]);

/// The syllables with a common prefix: their codes as a half-open range, and whether the first of them is the prefix itself.
#[cfg(feature = "index")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) from: u16,
    pub(crate) to: u16,
    pub(crate) whole: bool,
}

/// For each pair of letters the half-open range of the syllables that begin with it.
#[cfg(feature = "index")]
fn pairs(syllables: &[Box<[u8]>]) -> Vec<(u16, u16)> {
    let mut pairs = vec![(0, 0); 26 * 26];
    for (place, syllable) in syllables.iter().enumerate() {
        let [first, second, ..] = **syllable else { continue };
        if let Some((from, to)) = pairs.get_mut(usize::from(first - b'a') * 26 + usize::from(second - b'a')) {
            *from = if *to == 0 { place as u16 } else { *from };
            *to = place as u16 + 1;
        }
    }
    pairs
}

/// Readings used in place names only, which the `pinyin` table lacks.
#[cfg(feature = "index")]
const PLACES: &[(char, &str)] = &[
    ('六', "lu"),   // 六安, 六合
    ('蚌', "beng"), // 蚌埠
    ('铅', "yan"),  // 铅山
    ('涡', "guo"),  // 涡阳
    ('枞', "zong"), // 枞阳
    ('浚', "xun"),  // 浚县
    ('歙', "she"),  // 歙县
    ('番', "pan"),  // 番禺
    ('尉', "yu"),   // 尉犁
    ('牟', "mu"),   // 牟平
    ('单', "shan"), // 单县
    ('乐', "lao"),  // 乐亭
    ('大', "dai"),  // 大城
    ('阿', "e"),    // 东阿
    ('洞', "tong"), // 洪洞
    ('峙', "shi"),  // 繁峙
    ('堡', "pu"),   // 十里堡
    ('堡', "bu"),   // 吴堡
    ('厦', "xia"),  // 厦门
    ('泌', "bi"),   // 泌阳
    ('柏', "bo"),   // 柏林
    ('莘', "shen"), // 莘县
    ('蔚', "yu"),   // 蔚县
    ('隰', "xi"),   // 隰县
    ('婼', "ruo"),  // 若羌, formerly 婼羌
    ('汤', "tang"), // 汤原
    ('济', "ji"),   // 济南
    ('氏', "zhi"),  // 猗氏
    ('台', "tai"),  // 天台
    ('儋', "dan"),  // 儋州
    ('砀', "dang"), // 砀山
    ('盱', "xu"),   // 盱眙
    ('眙', "yi"),   // 盱眙
    ('会', "kuai"), // 会稽
];

/// Readings of the `pinyin` table that no name of an institution uses: of variant characters, verse, measures and surnames. Each
/// would double the keys of every name with that character.
#[cfg(feature = "index")]
const OBSOLETE: &str = "
    区ou 市fu 南na 腔kong 族sou,cou,zou 平pian,bing,beng 大tai 家gu,jie 庄peng 宁zhu 石dan 眼wen 治chi 和hu,huo 溪qi 白bo 王yu
    红gong 明meng 台yi,si 沙suo 部pou 青jing 洋xiang 化huo 古ku 英yang 路luo 技qi 园wan 术zhu 强jiang 万mo 寨se,qian 前jian
    土du,cha 港hong 太ta 吴tun 夏jia 超tiao 合ge 屯zhun 广yan,an 方pang,wang,feng 塔da 余tu,xu 达ti,ta 朱shu 蔡sa,ca 邑e
    彭pang,bang 陆liu 杜tu 桃tiao,zhao 于wei,xu 姚tiao,tao 任lin 寺shi 叶xie 潭xun,yin,dan 汤shang 许hu 丁zheng 池tuo,che
    潘bo,fan 沈chen,tan 汪hong 贾gu 董zhong 谷lu 景ying 冯ping 邓shan 胜xing,qing 格luo,he 甘han 朝zhu 哈he,ta,sha 房pang 团qiu
    郝shi 信shen 怀fu 尹yun 横guang,huang 甸tian,sheng,ying 温yun 齐ji 苑yu,yun 精qing 桐dong 幼yao 控qiang 屏bing 陶yao,dao
    霍he,suo 肥bi 野shu 芦hu 沂yin 内na,rui 登de 尚chang 草zao 宿qi,xiu 斯shi 干an 渠ju 果luo,guan 游liu 百mo 察cui 洼gui
    思sai 皇wang 那nuo,nei,ne,nai 蒲bo 厂han,yan,an 巨qu 月ru 扶pu 佛fo,bo,bi 封bian 角gu 居ji 容yong 牟mao 无mo 蓝la
    泊bi 杭kang 氏jing 呼xiao,xu,he,xia 柴ci,zhai,zi 澄deng 潼chong,zhong 昆hun 越huo 灌huan 皋gu 栗lie 鼎zhen 波bei,bi 至die
    年ning 堤ti,shi,wei 汶min,men 施yi 斗zhu 司ci 焦qiao 立wei 冷ling 浩gao,ge 提chi,shi 淳zhun 积zhi 招qiao,shao 祝zhou,chu
    印yi 共hong 幸nie 包pao,fu 次zi 射ye,yi 蕉qiao 赫shi 圣ku 烟yin 滑gu 儿ren 伯mo,ba 彦pan 堆zui 奇ai,yi
    敦dui,tuan,diao,dao,zhun,tun 若re 宅che,du 枝qi 邢geng 垦yin 勤qi 承zheng 半pan 圈juan 增ceng 喜chi 昂yang 旬jun 庵yan,e
    芒huang,wang 寻xin 将qiang 体ben,cui 殷yan 梧yu 央ying 灯ding 度duo,zhai 休xu 育zhou,yo 排bai 艾yi 零lian 乃ai 祖jie
    裴fei 霸po 熟shou 足ju 拱ju 示qi,zhi 革ji 墅ye 滋ci,xuan 助chu 涉die 种chong 册zha 比pi 胶xiao 服bi 务mao 卫yu 镇tian 县xuan";
